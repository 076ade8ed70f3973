module Falcon.Core.Tests.Weights.WeightsStoreTests

open System
open System.IO
open System.Security.Cryptography
open System.Threading
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Weights
open Falcon.Core.Tests.Weights.FileServer

let private content = Array.init 1_000_000 (fun i -> byte (i * 7 + i / 251))

let private known (address: Uri) =
    let digest = Convert.ToHexStringLower(SHA256.HashData content)
    KnownWeights("tiny", "resnet18", "a test", "MIT", Uri(address, "tiny-12345678.pth"), digest, int64 content.Length)

let private fetch (store: WeightsStore) (entry: KnownWeights) = store.Fetch(entry).GetAwaiter().GetResult()

let private refused (store: WeightsStore) (entry: KnownWeights) =
    (raised<InvalidInputException>(fun () -> fetch store entry |> ignore)).Findings |> Seq.exactlyOne

[<Tests>]
let tests =
    testList
        "Weights store"
        [ test "a fetched file is complete, verified, reported in steps, and not fetched twice" {
              use folder = new Scratch.Folder()
              use server = new Server(content, [ Serve ])
              let store = WeightsStore(folder.File "weights")
              let seen = ResizeArray<DownloadProgress>()

              let progress =
                  { new IProgress<DownloadProgress> with
                      member _.Report step = seen.Add step }

              let path = store.Fetch(known server.Address, progress).GetAwaiter().GetResult()
              Expect.equal (File.ReadAllBytes path) content "bytes of path"
              Expect.equal (seen[seen.Count - 1]) (DownloadProgress(1_000_000L, 1_000_000L)) "seen 1"
              Expect.sequenceEqual (seen |> Seq.map _.Received) (seen |> Seq.map _.Received |> Seq.sort) "received of seen"
              Expect.equal (fetch store (known server.Address)) path "fetch store known server address"
              Expect.hasLength server.Starts 1 "starts of server"

              Expect.equal
                  (Path.GetFileName(Seq.exactlyOne (Directory.GetFiles store.Folder)))
                  "tiny-12345678.pth"
                  "name files store folder"
          }
          test "a download goes on where the connection was cut" {
              use folder = new Scratch.Folder()
              use server = new Server(content, [ CutAfter 300_000; CutAfter 200_000; Serve ])
              let path = fetch (WeightsStore(folder.File "")) (known server.Address)
              Expect.equal (File.ReadAllBytes path) content "bytes of path"
              Expect.equal server.Starts [ None; Some 300_000L; Some 500_000L ] "starts of server"
          }
          test "what an earlier run left is continued, also when the server cannot send parts" {
              for answer, starts in [ Serve, [ Some 250_000L ]; WholeCutAfter Int32.MaxValue, [ Some 250_000L ] ] do
                  use folder = new Scratch.Folder()
                  use server = new Server(content, [ answer ])
                  File.WriteAllBytes(folder.File "tiny-12345678.pth.part", content[..249_999])
                  let path = fetch (WeightsStore(folder.File "")) (known server.Address)
                  Expect.equal (File.ReadAllBytes path) content "bytes of path"
                  Expect.equal server.Starts starts "starts of server"
          }
          test "a connection that never delivers more ends with an error, and keeps what came" {
              use folder = new Scratch.Folder()
              use server = new Server(content, [ WholeCutAfter 100_000 ])
              let finding = refused (WeightsStore(folder.File "")) (known server.Address)
              Expect.stringContains finding.What "cannot be downloaded" "what of finding"
              Expect.stringContains finding.Fix "import" "fix of finding"
              Expect.equal (FileInfo(folder.File "tiny-12345678.pth.part").Length) 100_000L "file tiny-12345678.pth.part"
          }
          test "another content than the pinned one is refused and leaves nothing" {
              for wrong in [ Array.map (fun value -> value ^^^ 1uy) content; Array.append content [| 0uy |] ] do
                  use folder = new Scratch.Folder()
                  use server = new Server(wrong, [ Serve ])
                  let finding = refused (WeightsStore(folder.File "")) (known server.Address)
                  Expect.stringContains finding.What "nothing of it was kept" "what of finding"
                  Expect.isEmpty folder.Names "names of folder"
          }
          test "a continued download with the wrong beginning is refused and leaves nothing" {
              use folder = new Scratch.Folder()
              use server = new Server(content, [ Serve ])
              File.WriteAllBytes(folder.File "tiny-12345678.pth.part", Array.zeroCreate 1000)

              Expect.stringContains
                  (refused (WeightsStore(folder.File "")) (known server.Address)).What
                  "SHA-256"
                  "what of refused weights store known server address"

              Expect.isEmpty folder.Names "names of folder"
          }
          test "a server that refuses, and one that is not there, are findings with the address" {
              use folder = new Scratch.Folder()
              use server = new Server(content, [ Status "404 Not Found" ])
              let finding = refused (WeightsStore(folder.File "")) (known server.Address)
              Expect.stringContains finding.What "404" "what of finding"
              Expect.stringContains finding.Where "tiny-12345678.pth" "where of finding"

              Expect.stringContains
                  (refused (WeightsStore(folder.File "")) (known (Uri "http://127.0.0.1:1/"))).What
                  "cannot be downloaded"
                  "refused weights store known uri http"
          }
          test "cancelling stops a download and keeps what came" {
              use folder = new Scratch.Folder()
              use server = new Server(content, [ Serve ])
              use cancellation = new CancellationTokenSource()

              let progress =
                  { new IProgress<DownloadProgress> with
                      member _.Report _ = cancellation.Cancel() }

              let store = WeightsStore(folder.File "")

              raised<OperationCanceledException>(fun () ->
                  store.Fetch(known server.Address, progress, cancellation.Token).GetAwaiter().GetResult() |> ignore)
              |> ignore

              Expect.equal folder.Names [| "tiny-12345678.pth.part" |] "names of folder"
              Expect.equal (File.ReadAllBytes(fetch store (known server.Address))) content "bytes of fetch store known server"
          }
          test "the mirror replaces the address and keeps the file name" {
              use folder = new Scratch.Folder()
              use server = new Server(content, [ Serve ])
              let store = WeightsStore(folder.File "", server.Address)

              Expect.equal
                  (File.ReadAllBytes(fetch store (known (Uri "https://example.invalid/elsewhere/"))))
                  content
                  "bytes of fetch store known uri"
          }
          test "the catalogue pins whole digests that agree with the published file names" {
              Expect.sequenceEqual
                  (WeightsCatalog.All |> Seq.map _.Name)
                  [ "kestrel"
                    "resnet18"
                    "resnet18-mlnet"
                    "resnet34"
                    "resnet50"
                    "wide_resnet50_2"
                    for size in [ "b_32"; "b_16"; "l_14"; "l_14_336" ] do
                        $"clip_vit_{size}"
                        $"clip_vit_{size}_gelu"
                    "dinov2_vits14"
                    "dinov2_vitb14"
                    "dinov2_vitb14_reg"
                    "dinov2_vitl14"
                    "dinov2_vitl14_reg" ]
                  "name of all"

              for entry in WeightsCatalog.All |> Seq.filter (fun entry -> entry.Origin = WeightsOrigin.Server) do
                  Expect.isMatch entry.Sha256 "^[0-9a-f]{64}$" "sha256 of entry"
                  Expect.isNotNull (BackboneCatalog.TryFind entry.Backbone) "backbone of entry"

                  if entry.Name.StartsWith "clip" then
                      Expect.stringContains (string entry.Url) $"/{entry.Sha256}/" "address of entry"
                  elif not (entry.Name.StartsWith "dino") then
                      Expect.stringContains entry.FileName $"-{entry.Sha256[..7]}.pth" "file name of entry"

                  Expect.equal entry.Url.Scheme "https" "scheme of entry url"
                  Expect.isGreaterThan entry.Size 40_000_000L "size of entry"

              let unknown = raised<InvalidInputException>(fun () -> WeightsCatalog.Find "vgg16" |> ignore)
              Expect.stringContains unknown.Message "resnet34" "message of unknown"
          }
          test "Falcon's own teacher is at hand without fetching, small, and what the catalogue says" {
              use folder = new Scratch.Folder()
              let store = WeightsStore(folder.File "weights")
              let entry = WeightsCatalog.Find "kestrel"
              let path = nonNull (store.Find "kestrel")
              Expect.equal (store.Fetch(WeightsCatalog.Find "kestrel").GetAwaiter().GetResult()) path "store fetch kestrel"
              Expect.equal (FileDigest.Sha256 path) entry.Sha256 "digest path"
              Expect.equal (FileInfo(path).Length) entry.Size "file path"
              Expect.isBetween entry.Size 1L 3_000_000L "size of entry"
              use teacher = Teacher.Load(path, entry.Backbone)
              Expect.equal teacher.Provenance.Backbone "resnet18" "backbone of teacher provenance"
          }
          test "the teacher of a restored package is made of it by name, the same bytes each time, those of the catalogue" {
              use folder = new Scratch.Folder()
              let store = WeightsStore(folder.File "weights")
              let entry = WeightsCatalog.Find "resnet18-mlnet"

              match store.Find entry.Name with
              | null -> skiptest $"The package of {entry.Url} has not been restored."
              | path ->
                  let time = File.GetLastWriteTimeUtc path
                  Expect.equal (FileDigest.Sha256 path) entry.Sha256 "digest of the file"
                  Expect.equal (FileInfo(path).Length) entry.Size "size of the file"
                  Expect.equal (store.Fetch(entry).GetAwaiter().GetResult()) path "what a fetch gives"
                  Expect.equal (File.GetLastWriteTimeUtc path) time "time of the file, which was there already"
                  File.WriteAllText(path, "what an earlier Falcon made of it")
                  let elsewhere = WeightsStore(store.Folder, null, folder.File "no packages")
                  let isAtHand (store: WeightsStore) = store.IsAtHand(store.List() |> Seq.find (fun stored -> stored.Name = entry.Name))
                  Expect.isFalse (isAtHand elsewhere) "file of an earlier version, without the package"
                  Expect.isTrue (isAtHand store) "with the package"
                  Expect.equal (store.Find entry.Name) path "file of an earlier version"
                  Expect.equal (FileDigest.Sha256 path) entry.Sha256 "digest of the file that took its place"
                  use file = SafetensorsFile.Open path
                  Expect.equal file.Metadata["source"] "ResNet18.onnx" "source"
                  use teacher = Teacher.Load(path, entry.Backbone)
                  Expect.equal teacher.Provenance.Backbone "resnet18" "backbone of the teacher"

                  Expect.equal
                      [ for stored in store.List() do
                            if not (isNull stored.FilePath) then stored.Name ]
                      [ "kestrel"; entry.Name ]
                      "what is listed as at hand"
          }
          test "a package that has not been restored, or holds something else, is a finding that says what to do" {
              use folder = new Scratch.Folder()
              let entry = WeightsCatalog.Find "resnet18-mlnet"
              let store = WeightsStore(folder.File "weights", null, folder.File "packages")
              Expect.isNull (store.Find entry.Name) "file without package"
              let missing = refused store entry
              Expect.stringContains missing.Where "Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1" "where it looked"
              Expect.stringContains missing.Fix "dotnet restore" "fix"

              let models = folder.File "packages/microsoft.ml.dnnimagefeaturizer.resnet18/0.23.1/tools/DnnImageModels"
              Directory.CreateDirectory(Path.Combine(models, "ResNet18Onnx")) |> ignore
              File.WriteAllText(Path.Combine(models, "ResNet18Onnx", "ResNet18.onnx"), "something else")
              Expect.stringContains (refused store entry).What "SHA-256" "what is wrong"
              Expect.isFalse (Directory.Exists store.Folder) "anything kept"
          }
          test "where nobody names a teacher, the best teaches that is at hand and of an architecture that will do" {
              use folder = new Scratch.Folder()
              let packages = folder.File "packages"
              let store = WeightsStore(folder.File "weights", null, packages)

              let usual backbones =
                  match store.Usual backbones with
                  | null -> "none"
                  | known -> known.Name

              Expect.equal (usual [| "resnet18"; "resnet34" |]) "kestrel" "with nothing but what Falcon brings"
              Expect.equal (usual [| "wide_resnet50_2" |]) "none" "for another architecture"

              Directory.CreateDirectory(Path.Combine(packages, "microsoft.ml.dnnimagefeaturizer.resnet18/0.23.1/tools/DnnImageModels"))
              |> ignore

              Expect.equal (usual [| "resnet18"; "resnet34" |]) "resnet18-mlnet" "with the package restored"
              Directory.CreateDirectory store.Folder |> ignore
              File.WriteAllText(Path.Combine(store.Folder, (WeightsCatalog.Find "resnet18").FileName), "")
              Expect.equal (usual [| "resnet34"; "resnet18" |]) "resnet18" "with torchvision's fetched"
          }
          test "an imported checkpoint becomes safetensors that name their source" {
              let source = Fixtures.require [ "parity"; "weights"; "zip.pth" ]
              use folder = new Scratch.Folder()
              let store = WeightsStore(folder.File "weights")
              Expect.equal (store.Import(source).Name) "zip" "store import source name"
              Expect.equal (store.Import(source).Name) "zip" "store import source name"
              let path = string (store.Find "zip")
              use file = SafetensorsFile.Open path
              use original = WeightFile.Open source
              Expect.sequenceEqual file.Names original.Names "names of file"
              Expect.equal file.Metadata["source.sha256"] (FileDigest.Sha256 source) "file metadata source.sha256"
              Expect.equal file.Metadata["source"] "zip.pth" "file metadata source"

              for name in file.Names do
                  Expect.equal (file.Bytes(name).ToArray()) (original.Read(name).Bytes.ToArray()) "file bytes name"
          }
          test "a hostile file, or another of the same name, is not imported" {
              use folder = new Scratch.Folder()
              let store = WeightsStore(folder.File "weights")
              let hostile = Fixtures.require [ "parity"; "weights"; "evil_zip.pth" ]
              Expect.throwsT<InvalidInputException> (fun () -> store.Import hostile |> ignore) "store import hostile is refused"
              Expect.isFalse (Directory.Exists store.Folder) "folder exists store"
              store.Import(Fixtures.require [ "parity"; "weights"; "zip.pth" ]) |> ignore
              SafetensorsWriter.Write(folder.File "zip.safetensors", [| StoredTensor.Of("w", [| 1.0f |], 1L) |])
              SafetensorsWriter.Write(folder.File "kestrel.safetensors", [| StoredTensor.Of("w", [| 1.0f |], 1L) |])
              let former = raised<InvalidInputException>(fun () -> store.Import(folder.File "kestrel.safetensors") |> ignore)
              Expect.stringContains former.Message "name of a known weight file" "message of a former kestrel"
              let taken = raised<InvalidInputException>(fun () -> store.Import(folder.File "zip.safetensors") |> ignore)
              Expect.stringContains taken.Message "name of another" "message of taken"
          }
          test "the list shows the catalogue first and then what was imported" {
              use folder = new Scratch.Folder()
              let store = WeightsStore(folder.File "weights")

              Expect.equal
                  [ for stored in store.List() do
                        if not (isNull stored.FilePath) then stored.Name ]
                  [ "kestrel" ]
                  "is null stored file path name"

              store.Import(Fixtures.require [ "parity"; "weights"; "zip.pth" ]) |> ignore

              Expect.sequenceEqual
                  (store.List() |> Seq.map _.Name)
                  [ for known in WeightsCatalog.All do
                        known.Name
                    "zip" ]
                  "name of store"

              Expect.isNull (store.Find "resnet18") "store find resnet18"
          } ]
