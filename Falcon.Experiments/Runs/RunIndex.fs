namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open System.Text
open Microsoft.Data.Sqlite
open Falcon
open Falcon.Experiments.Stages
open Falcon.Experiments.Store
open Falcon.Results

type RunState =
    | Finished
    | Failed

type Run =
    { Key: string
      Id: string
      State: RunState
      Ended: DateTimeOffset
      Result: CellResult option
      Failure: CellFailure option
      Document: string }

[<Sealed>]
type RunIndex(connection: SqliteConnection) =
    member _.Connection = connection

    interface IDisposable with
        member _.Dispose() = connection.Dispose()

module RunIndex =
    let private path (store: Store) = Path.Combine(store.Folder, "runs.db")

    /// A row as it stands in the file: the text of a result or of a failure, and a digest over all of it.
    type private Row =
        { Key: string
          Id: string
          State: string
          Ended: string
          Content: string
          Document: string }

        member this.Seal =
            (Digest.ofBytes (
                Encoding.UTF8.GetBytes(String.Join('\000', this.Key, this.Id, this.State, this.Ended, this.Content, this.Document))
            ))
                .Hex

    let private schema =
        "CREATE TABLE IF NOT EXISTS runs (key TEXT PRIMARY KEY, id TEXT NOT NULL, state TEXT NOT NULL, ended TEXT NOT NULL, \
         content TEXT NOT NULL, document TEXT NOT NULL, seal TEXT NOT NULL)"

    let private execute (connection: SqliteConnection) text (parameters: (string * string) list) =
        use command = connection.CreateCommand()
        command.CommandText <- text

        for name, value in parameters do
            command.Parameters.AddWithValue(name, value) |> ignore

        command.ExecuteNonQuery() |> ignore

    let private connect (path: string) =
        let settings = SqliteConnectionStringBuilder(DataSource = path, Pooling = false, DefaultTimeout = 60)
        let connection = new SqliteConnection(settings.ConnectionString)

        try
            connection.Open()
            execute connection "PRAGMA journal_mode = WAL" []
            execute connection "PRAGMA synchronous = NORMAL" []
            execute connection schema []
            connection
        with _ ->
            connection.Dispose()
            reraise ()

    let private write (connection: SqliteConnection) (row: Row) =
        execute
            connection
            "INSERT OR REPLACE INTO runs VALUES ($key, $id, $state, $ended, $content, $document, $seal)"
            [ "$key", row.Key
              "$id", row.Id
              "$state", row.State
              "$ended", row.Ended
              "$content", row.Content
              "$document", row.Document
              "$seal", row.Seal ]

    /// Every row; an exception says that the file or a row is not as it was written.
    let private rows (connection: SqliteConnection) =
        use command = connection.CreateCommand()
        command.CommandText <- "SELECT key, id, state, ended, content, document, seal FROM runs ORDER BY ended DESC, id"
        use reader = command.ExecuteReader()

        [ while reader.Read() do
              let row =
                  { Key = reader.GetString 0
                    Id = reader.GetString 1
                    State = reader.GetString 2
                    Ended = reader.GetString 3
                    Content = reader.GetString 4
                    Document = reader.GetString 5 }

              if row.Seal <> reader.GetString 6 then
                  raise (InvalidDataException $"the row of {row.Id} is not as it was written")

              row ]

    let private isSound (connection: SqliteConnection) =
        use command = connection.CreateCommand()
        command.CommandText <- "PRAGMA integrity_check"
        string (command.ExecuteScalar()) = "ok"

    let private instant (time: DateTimeOffset) = time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)

    let private rowOf (run: Run) =
        let content =
            match run.Result, run.Failure with
            | Some result, _ -> Encoding.UTF8.GetString(CellFolder.Json result)
            | None, Some failure -> $"{failure.Message}\n{failure.Story}"
            | None, None -> ""

        { Key = run.Key
          Id = run.Id
          State = (if run.State = Finished then "finished" else "failed")
          Ended = instant run.Ended
          Content = content
          Document = run.Document }

    let private runOf (row: Row) : Run =
        let isFinished = row.State = "finished"
        let split = row.Content.IndexOf '\n'

        { Key = row.Key
          Id = row.Id
          State = (if isFinished then Finished else Failed)
          Ended = DateTimeOffset.Parse(row.Ended, CultureInfo.InvariantCulture)
          Result = if isFinished then Some(CellFolder.Parse(Encoding.UTF8.GetBytes row.Content, row.Id)) else None
          Failure =
            if isFinished then
                None
            else
                Some { Message = row.Content[.. split - 1]; Story = row.Content[split + 1 ..] }
          Document = row.Document }

    /// The records of cells by recipe: the other kind of entry names its inputs by content.
    let private records (store: Store) =
        [ for stored in Store.entriesOf store Recording.Name do
              match Map.tryFind "training" stored.Entry.Call.Inputs with
              | Some(ResultOf training) -> stored.Entry, training
              | Some(Content _)
              | None -> () ]

    let private runsOf (store: Store) =
        let documents =
            Dictionary [ for stored in Store.entriesOf store Training.Name -> KeyValuePair(stored.Entry.Key, stored.Entry.Document) ]

        let document key =
            match documents.TryGetValue key with
            | true, document -> document
            | false, _ -> ""

        [ for entry, training in records store do
              match Store.tryFind store entry.Call with
              | Error _ -> ()
              | Ok found ->
                  { Key = entry.Key.Hex
                    Id = Recording.idOf entry.Call
                    State = Finished
                    Ended = entry.Created
                    Result = Some(CellFolder.ReadFile (Seq.exactlyOne found.Outputs.Values).Path)
                    Failure = None
                    Document = document training }
          for kept in Failures.all store do
              { Key = kept.Key
                Id = kept.Id
                State = Failed
                Ended = kept.At
                Result = None
                Failure = Some kept.Failure
                Document = "" } ]

    let put (index: RunIndex) run = write index.Connection (rowOf run)

    /// Writes a new file beside the old one and gives it its name in one step.
    let private makeAnew (store: Store) =
        let runs = runsOf store
        let temporary = store.Session.NewFile()

        using (connect temporary) (fun connection ->
            execute connection "BEGIN" []

            for run in runs do
                write connection (rowOf run)

            execute connection "COMMIT" []
            execute connection "PRAGMA journal_mode = DELETE" [])

        for leftover in [ "-wal"; "-shm" ] do
            File.Delete(path store + leftover)

        File.Move(temporary, path store, overwrite = true)
        runs.Length

    let rebuild (store: Store) =
        using (Lock.acquire store.Session (Lock.path store.Folder "runs") Threading.CancellationToken.None) (fun _ -> makeAnew store)

    /// Why a file cannot be used as it is.
    let private fault (store: Store) =
        if not (File.Exists(path store)) then
            Some "there is none yet"
        else
            try
                use connection = connect (path store)

                if not (isSound connection) then
                    Some "its file is damaged"
                else
                    let known = set [ for row in rows connection -> row.Key ]
                    let wanted = [ for entry, _ in records store -> entry.Key.Hex ] @ [ for kept in Failures.all store -> kept.Key ]
                    let missing = wanted |> List.filter (known.Contains >> not) |> List.length
                    if missing > 0 then Some $"it lacks {missing} cells" else None
            with
            | :? SqliteException
            | :? InvalidDataException
            | :? FormatException as error -> Some error.Message

    let openToAdd (store: Store) = new RunIndex(connect (path store))

    let openAt (warn: string -> unit) (store: Store) =
        match fault store with
        | None -> ()
        | Some reason ->
            if File.Exists(path store) then warn $"the run index is made anew: {reason}"
            rebuild store |> ignore

        openToAdd store

    let runs (index: RunIndex) = rows index.Connection |> List.map runOf

    let find index text =
        let all = runs index

        match all |> List.filter (fun run -> run.Id = text) with
        | [] -> all |> List.filter (fun run -> RunName.matches text run.Id run.Key)
        | exact -> exact
