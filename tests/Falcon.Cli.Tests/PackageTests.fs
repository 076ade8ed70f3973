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

let private package name = $"<PackageReference Include=\"{name}\" Version=\"*-*\" />"

/// The version of somebody else's package that Falcon is built with.
let private versionOf (name: string) =
    let versions = File.ReadAllLines(Path.Combine(root, "Directory.Packages.props"))
    let entry = versions |> Array.find _.Contains($"Include=\"{name}\"")
    (entry.Split '"')[3]

let private replace (program: string) (file: string) (texts: (string * string) list) =
    let path = Path.Combine(program, file)
    let said = File.ReadAllText path

    for text, _ in texts do
        Expect.stringContains said text file

    File.WriteAllText(path, texts |> List.fold (fun (said: string) (text, other) -> said.Replace(text, other)) said)

let private run program =
    (dotnet program "run -c Release -p:CreateHardLinksForCopyLocalIfPossible=true").Split('\n', StringSplitOptions.RemoveEmptyEntries)

let private entries package =
    use archive = System.IO.Compression.ZipFile.OpenRead package
    [ for entry in archive.Entries -> entry.FullName ]

/// What a package says of itself.
let private card (package: string) =
    use archive = System.IO.Compression.ZipFile.OpenRead package

    let entry = archive.Entries |> Seq.find (fun entry -> entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal))

    use reader = new StreamReader(entry.Open())
    reader.ReadToEnd()

/// All packages of libraries, packed in one go, and the folders of their assemblies.
let private libraries =
    [ "Falcon.Core", [ "net10.0" ]; "Falcon.Inference", [ "net8.0"; "net10.0" ]; "Falcon.Mqtt", [ "net10.0" ] ]

let private version = "0.0.0-test"

let private pack (scratch: Scratch.Folder) packages =
    let projects = String.concat ";" [ for name, _ in libraries -> Path.Combine(root, name, $"{name}.csproj") ]
    let settings = $"Configuration=Release;NoBuild=true;PackageVersion={version};PackageOutputPath={packages}"
    let task = $"""<MSBuild Projects="{projects}" Targets="Pack" Properties="{settings}" />"""
    let all = scratch.File "packages.proj"
    File.WriteAllText(all, $"""<Project><Target Name="Pack">{task}</Target></Project>""")
    dotnet root $"msbuild \"{all}\" -t:Pack -v:q" |> ignore

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
              pack scratch packages

              for name, frameworks in libraries do
                  let library, symbols = entries $"{packages}/{name}.{version}.nupkg", entries $"{packages}/{name}.{version}.snupkg"

                  for part in [ "README.md"; "icon.png" ] do
                      Expect.contains library part $"files of {name}"

                  for framework in frameworks do
                      Expect.contains library $"lib/{framework}/{name}.dll" $"files of {name}"
                      Expect.contains library $"lib/{framework}/{name}.xml" $"documentation of {name}"
                      Expect.contains symbols $"lib/{framework}/{name}.pdb" $"symbols of {name}"

                  let said = card $"{packages}/{name}.{version}.nupkg"
                  Expect.stringContains said "<license type=\"expression\">MIT</license>" $"licence of {name}"
                  Expect.isFalse (said.Contains "PublicApiAnalyzers") $"{name} brings tools of the build"

              let inCSharp = program scratch packages "train-and-predict"
              let lines = run inCSharp
              let score (line: string) = float ((line.Split(' ')[1]).Trim())
              Expect.hasLength lines 2 "a line for each photo"
              Expect.stringStarts lines[0] "good.png: " "first line"
              Expect.stringStarts lines[1] "scratched.png: " "second line"
              Expect.isGreaterThan (score lines[1]) (2.0 * score lines[0]) "score of the scratched part"
              Expect.isTrue (File.Exists(Path.Combine(inCSharp, "part.falcon"))) "the detector's file"
              Expect.equal (run (program scratch packages "train-and-predict-fsharp")) lines "the same in F#"

              // The same verdicts by ONNX Runtime, without libtorch.
              let exported = scratch.File "part.onnx"
              let outcome = Command.run $"export --model {inCSharp}/part.falcon --out {exported}"
              Expect.equal outcome.ExitCode 0 outcome.Error
              let inference, runtime = program scratch packages "onnx-inference", versionOf "Microsoft.ML.OnnxRuntime"

              replace
                  inference
                  "onnx-inference.csproj"
                  [ """<ProjectReference Include="../../Falcon.Inference/Falcon.Inference.csproj" />""", package "Falcon.Inference"
                    "Include=\"Microsoft.ML.OnnxRuntime\"", $"Include=\"Microsoft.ML.OnnxRuntime\" Version=\"{runtime}\"" ]

              let verdicts = dotnet inference $"run -c Release -- {exported} new/good.png new/scratched.png"

              let inspected =
                  verdicts.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                  |> Array.filter (fun line -> not (line.StartsWith ' '))

              let verdict (line: string) = line.Split(':')[0], line.Split(", ") |> Array.last
              Expect.equal (Array.map verdict inspected) (Array.map verdict lines) "verdicts of Falcon.Inference"

              let watcher = program scratch packages "folder-watcher"
              replace watcher "folder-watcher.csproj" [ package "Falcon.Core", package "Falcon.Core" + package "Falcon.Mqtt" ]
              dotnet watcher "build -c Release -p:CreateHardLinksForCopyLocalIfPossible=true -o built" |> ignore
              let words = [ "built/folder-watcher.dll"; $"{inCSharp}/part.falcon"; "new"; "results" ]

              let info =
                  ProcessStartInfo("dotnet", words, WorkingDirectory = watcher, RedirectStandardOutput = true, RedirectStandardError = true)

              Expect.isTrue (File.Exists(Path.Combine(watcher, "built", "Falcon.Mqtt.dll"))) "the package of MQTT beside it"
              use watching = Process.Start info |> Option.ofObj |> Option.get
              let said = [ watching.StandardOutput.ReadLine(); watching.StandardOutput.ReadLine() ]
              Command.signal "INT" watching
              let ended = Command.finish watching
              Expect.equal (List.sort said) [ "good.png: good"; "scratched.png: anomalous" ] ended.Error
              Expect.stringContains ended.Out "2 photos inspected" "after Ctrl-C"
          } ]
