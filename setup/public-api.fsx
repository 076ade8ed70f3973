/// Writes what each packed library shows the world into its PublicAPI.Unshipped.txt:
///
///     dotnet fsi setup/public-api.fsx            after a change of public members; look at the difference
///     dotnet fsi setup/public-api.fsx --ship     at a release: what is unshipped is shipped
///
/// A member of PublicAPI.Shipped.txt that the library has no more is written as *REMOVED*: programs break by it.
open System
open System.Diagnostics
open System.IO
open System.Text.Json

let root = Path.GetDirectoryName __SOURCE_DIRECTORY__
let header = "#nullable enable"
let removed = "*REMOVED*"

let libraries =
    [ for file in
          Directory.GetFiles(root, "PublicAPI.Unshipped.txt", EnumerationOptions(RecurseSubdirectories = true, MaxRecursionDepth = 1)) do
          Path.GetFileName(Path.GetDirectoryName file) ]
    // Falcon.Core first: others need it.
    |> List.sort

let file library kind = Path.Combine(root, library, $"PublicAPI.{kind}.txt")

let read path =
    [ for line in File.ReadAllLines path -> line.Trim() ]
    |> List.filter (fun line -> line <> "" && line <> header)

let write path members =
    File.WriteAllLines(path, header :: (members |> List.distinct |> List.sortWith (fun a b -> String.CompareOrdinal(a, b))))

/// What the analyzer misses while both files are empty: everything.
let members library =
    let log = Path.GetTempFileName()

    try
        let info = ProcessStartInfo("dotnet", WorkingDirectory = root, RedirectStandardOutput = true)

        for word in
            [ "build"
              $"{library}/{library}.csproj"
              "-c"
              "Release"
              "-f"
              "net10.0"
              "-v"
              "q"
              "-p:BuildProjectReferences=false"
              "-p:TreatWarningsAsErrors=false"
              $"-p:ErrorLog={log}%%2Cversion=2.1" ] do
            info.ArgumentList.Add word

        use building = Process.Start info
        let said = building.StandardOutput.ReadToEnd()
        building.WaitForExit()

        if building.ExitCode <> 0 then
            said.Split('\n')
            |> Array.filter _.Contains(": error ")
            |> Array.distinct
            |> String.concat "\n"
            |> failwithf "%s cannot be built:\n%s" library

        use report = JsonDocument.Parse(File.ReadAllText log)

        [ for run in report.RootElement.GetProperty("runs").EnumerateArray() do
              for result in run.GetProperty("results").EnumerateArray() do
                  if result.GetProperty("ruleId").GetString() = "RS0016" then
                      result.GetProperty("properties").GetProperty("customProperties").GetProperty("APIName").GetString() ]
    finally
        File.Delete log

let update library =
    let kept = [ for kind in [ "Shipped"; "Unshipped" ] -> file library kind, File.ReadAllBytes(file library kind) ]
    let shipped = read (file library "Shipped")

    try
        for path, _ in kept do
            write path []

        let shown = members library

        for path, bytes in kept do
            File.WriteAllBytes(path, bytes)

        let was = read (file library "Unshipped")
        let now = List.except shipped shown @ [ for lost in List.except shown shipped -> removed + lost ]
        write (file library "Unshipped") now

        printfn
            $"{library}: {List.length (List.distinct shown)} members, {List.length (List.except was now)} lines new, {List.length (List.except now was)} gone"
    with _ ->
        for path, bytes in kept do
            File.WriteAllBytes(path, bytes)

        reraise ()

let ship library =
    let lost, added = read (file library "Unshipped") |> List.partition _.StartsWith(removed)

    write
        (file library "Shipped")
        (List.except [ for line in lost -> line.Substring removed.Length ] (read (file library "Shipped")) @ added)

    write (file library "Unshipped") []

try
    match List.ofArray fsi.CommandLineArgs |> List.tail with
    | [] -> List.iter update libraries
    | [ "--ship" ] -> List.iter ship libraries
    | _ ->
        eprintfn "usage: dotnet fsi setup/public-api.fsx [--ship]"
        exit 2
with error ->
    eprintfn $"{error.Message}"
    exit 1
