/// The library as a program of somebody else uses it: packed, named, restored.
module Falcon.Cli.Tests.PackageTests

open System
open System.Diagnostics
open System.IO
open Expecto
open Falcon.Core.Tests
open Falcon.Imaging

let private root = Option.get Fixtures.repositoryRoot
let private sample name = Path.Combine(root, "samples", name)

/// The folder of packages that this machine has restored already.
let private restored =
    match Environment.GetEnvironmentVariable "NUGET_PACKAGES" with
    | null
    | "" -> Path.Combine(Environment.GetFolderPath Environment.SpecialFolder.UserProfile, ".nuget", "packages")
    | folder -> folder

let private dotnet folder (arguments: string) =
    let info =
        ProcessStartInfo("dotnet", arguments, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true)

    // The tests' own program must not set what is built.
    info.Environment["MSBUILDDISABLENODEREUSE"] <- "1"
    use running = Process.Start info |> Option.ofObj |> Option.get
    let outcome = Command.finishWithin 300_000 running
    Expect.equal outcome.ExitCode 0 $"exit code of dotnet {arguments}:\n{outcome.Out}\n{outcome.Error}"
    outcome.Out

let private photo (path: string) (defect: bool) seed =
    let pixel index =
        let row, column = index / 96 - 48, index % 96 - 48

        if defect && abs (row - 10) < 6 && abs (column + 8) < 20 then 250
        elif row * row + column * column < 1500 then 150 + (index * seed % 7)
        else 40

    ImageFile.WritePng(path, RasterImage(96, 96, 3, Array.init (3 * 96 * 96) (fun index -> byte (pixel (index / 3)))))

/// A sample as somebody has it who has nothing but the packages: its folder, with photos of good and of new parts.
let private program (scratch: Scratch.Folder) packages name =
    let program = scratch.File name
    Directory.CreateDirectory program |> ignore

    for file in Directory.GetFiles(sample name) do
        File.Copy(file, Path.Combine(program, string (Path.GetFileName file)))

    File.WriteAllText(
        Path.Combine(program, "nuget.config"),
        $"""<configuration>
              <config><add key="globalPackagesFolder" value="{scratch.File "restored"}" /></config>
              <fallbackPackageFolders><add key="machine" value="{restored}" /></fallbackPackageFolders>
              <packageSources><add key="falcon" value="{packages}" /></packageSources>
            </configuration>"""
    )

    for name, defect, seed in [ "good/0.png", false, 3; "good/1.png", false, 5; "new/good.png", false, 4; "new/scratched.png", true, 4 ] do
        let path = Path.Combine(program, name)
        Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
        photo path defect seed

    program

let private run program =
    (dotnet program "run -c Release -p:CreateHardLinksForCopyLocalIfPossible=true").Split('\n', StringSplitOptions.RemoveEmptyEntries)

let private entries package =
    use archive = System.IO.Compression.ZipFile.OpenRead package
    [ for entry in archive.Entries -> entry.FullName ]

[<Tests>]
let tests =
    testList
        "Package"
        [ test "the program in the README is the sample" {
              let program = File.ReadAllText(Path.Combine(sample "train-and-predict", "Program.cs"))
              Expect.stringContains (File.ReadAllText(Path.Combine(root, "README.md"))) program "README"
          }
          test "a few lines of C# and of F# train and predict with the packed library, whose teacher comes with it, and watch a folder" {
              use scratch = new Scratch.Folder()
              let packages = scratch.File "packages"
              dotnet root $"pack Falcon.Core -c Release --no-build -p:PackageVersion=0.0.0-test -o \"{packages}\"" |> ignore
              let library = entries $"{packages}/Falcon.Core.0.0.0-test.nupkg"

              for part in [ "README.md"; "icon.png"; "lib/net10.0/Falcon.Core.dll"; "lib/net10.0/Falcon.Core.xml" ] do
                  Expect.contains library part "the package's files"

              Expect.contains (entries $"{packages}/Falcon.Core.0.0.0-test.snupkg") "lib/net10.0/Falcon.Core.pdb" "symbols"

              let inCSharp = program scratch packages "train-and-predict"
              let lines = run inCSharp
              let score (line: string) = float ((line.Split(' ')[1]).Trim())
              Expect.hasLength lines 2 "a line for each photo"
              Expect.stringStarts lines[0] "good.png: " "first line"
              Expect.stringStarts lines[1] "scratched.png: " "second line"
              Expect.isGreaterThan (score lines[1]) (2.0 * score lines[0]) "score of the scratched part"
              Expect.isTrue (File.Exists(Path.Combine(inCSharp, "part.falcon"))) "the detector's file"
              Expect.equal (run (program scratch packages "train-and-predict-fsharp")) lines "the same in F#"

              let watcher = program scratch packages "folder-watcher"
              dotnet watcher "build -c Release -p:CreateHardLinksForCopyLocalIfPossible=true -o built" |> ignore
              let words = [ "built/folder-watcher.dll"; $"{inCSharp}/part.falcon"; "new"; "results" ]

              let info =
                  ProcessStartInfo("dotnet", words, WorkingDirectory = watcher, RedirectStandardOutput = true, RedirectStandardError = true)

              use watching = Process.Start info |> Option.ofObj |> Option.get
              let said = [ watching.StandardOutput.ReadLine(); watching.StandardOutput.ReadLine() ]
              Command.signal "INT" watching
              let ended = Command.finish watching
              Expect.equal (List.sort said) [ "good.png: good"; "scratched.png: anomalous" ] ended.Error
              Expect.stringContains ended.Out "2 photos inspected" "after Ctrl-C"
          } ]
