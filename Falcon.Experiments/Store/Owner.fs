namespace Falcon.Experiments.Store

open System
open System.IO
open System.Text
open System.Threading

type Owner =
    { Host: string
      Place: string
      ProcessId: int
      Started: int64
      Serial: int }

    member this.Id = $"{this.Host}-{this.Place}-{this.ProcessId}-{this.Started}-{this.Serial}"

module Owner =
    let private bootFile = "/proc/sys/kernel/random/boot_id"

    /// A dead process that its parent has not yet asked about is listed as Z (zombie) or X.
    let private startOf (processId: int) =
        try
            let status = File.ReadAllText $"/proc/{processId}/stat"
            let fields = status.Substring(status.LastIndexOf ')' + 2).Split ' '

            match fields[0] with
            | "Z"
            | "X" -> None
            | _ -> Some(int64 fields[19])
        with
        | :? IOException
        | :? UnauthorizedAccessException -> None

    let private host =
        String.map (fun letter -> if Char.IsAsciiLetterOrDigit letter || letter = '.' then letter else '_') Environment.MachineName

    let private canLookUp = File.Exists bootFile

    let private place =
        let boot =
            if canLookUp then
                File.ReadAllText bootFile + string (FileInfo "/proc/self/ns/pid").LinkTarget
            else
                string (Guid.NewGuid())

        (Digest.ofBytes (Encoding.UTF8.GetBytes(host + boot))).Hex.Substring(0, 12)

    let mutable private sessions = 0

    let next () =
        { Host = host
          Place = place
          ProcessId = Environment.ProcessId
          Started = startOf Environment.ProcessId |> Option.defaultValue 0L
          Serial = Interlocked.Increment &sessions }

    let tryParse (id: string) =
        match id.Split '-' with
        | [| host; place; processId; started; serial |] ->
            match Int32.TryParse processId, Int64.TryParse started, Int32.TryParse serial with
            | (true, processId), (true, started), (true, serial) ->
                Some { Host = host; Place = place; ProcessId = processId; Started = started; Serial = serial }
            | _ -> None
        | _ -> None

    let isHere owner = canLookUp && owner.Place = place

    let isRunning owner = startOf owner.ProcessId = Some owner.Started

    let describe owner = $"process {owner.ProcessId} on {owner.Host}"
