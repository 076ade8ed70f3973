module Falcon.Core.Tests.Weights.WeightsStoreTests

open System
open System.IO
open System.Security.Cryptography
open System.Threading
open Xunit
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
    Assert.Throws<InvalidInputException>(fun () -> fetch store entry |> ignore).Findings |> Assert.Single

[<Fact>]
let ``a fetched file is complete, verified, reported in steps, and not fetched twice`` () =
    use folder = new Scratch.Folder()
    use server = new Server(content, [ Serve ])
    let store = WeightsStore(folder.File "weights")
    let seen = ResizeArray<DownloadProgress>()

    let progress =
        { new IProgress<DownloadProgress> with
            member _.Report step = seen.Add step }

    let path = store.Fetch(known server.Address, progress).GetAwaiter().GetResult()
    Assert.Equal<byte array>(content, File.ReadAllBytes path)
    Assert.Equal(DownloadProgress(1_000_000L, 1_000_000L), seen[seen.Count - 1])
    Assert.Equal<int64 seq>(seen |> Seq.map _.Received |> Seq.sort, seen |> Seq.map _.Received)
    Assert.Equal(path, fetch store (known server.Address))
    Assert.Single server.Starts |> ignore
    Assert.Equal("tiny-12345678.pth", Path.GetFileName(Assert.Single(Directory.GetFiles store.Folder)))

[<Fact>]
let ``a download goes on where the connection was cut`` () =
    use folder = new Scratch.Folder()
    use server = new Server(content, [ CutAfter 300_000; CutAfter 200_000; Serve ])
    let path = fetch (WeightsStore(folder.File "")) (known server.Address)
    Assert.Equal<byte array>(content, File.ReadAllBytes path)
    Assert.Equal<int64 option list>([ None; Some 300_000L; Some 500_000L ], server.Starts)

[<Fact>]
let ``what an earlier run left is continued, also when the server cannot send parts`` () =
    for answer, starts in [ Serve, [ Some 250_000L ]; WholeCutAfter Int32.MaxValue, [ Some 250_000L ] ] do
        use folder = new Scratch.Folder()
        use server = new Server(content, [ answer ])
        File.WriteAllBytes(folder.File "tiny-12345678.pth.part", content[..249_999])
        let path = fetch (WeightsStore(folder.File "")) (known server.Address)
        Assert.Equal<byte array>(content, File.ReadAllBytes path)
        Assert.Equal<int64 option list>(starts, server.Starts)

[<Fact>]
let ``a connection that never delivers more ends with an error, and keeps what came`` () =
    use folder = new Scratch.Folder()
    use server = new Server(content, [ WholeCutAfter 100_000 ])
    let finding = refused (WeightsStore(folder.File "")) (known server.Address)
    Assert.Contains("cannot be downloaded", finding.What)
    Assert.Contains("import", finding.Fix)
    Assert.Equal(100_000L, FileInfo(folder.File "tiny-12345678.pth.part").Length)

[<Fact>]
let ``another content than the pinned one is refused and leaves nothing`` () =
    for wrong in [ Array.map (fun value -> value ^^^ 1uy) content; Array.append content [| 0uy |] ] do
        use folder = new Scratch.Folder()
        use server = new Server(wrong, [ Serve ])
        let finding = refused (WeightsStore(folder.File "")) (known server.Address)
        Assert.Contains("nothing of it was kept", finding.What)
        Assert.Empty folder.Names

[<Fact>]
let ``a continued download with the wrong beginning is refused and leaves nothing`` () =
    use folder = new Scratch.Folder()
    use server = new Server(content, [ Serve ])
    File.WriteAllBytes(folder.File "tiny-12345678.pth.part", Array.zeroCreate 1000)
    Assert.Contains("SHA-256", (refused (WeightsStore(folder.File "")) (known server.Address)).What)
    Assert.Empty folder.Names

[<Fact>]
let ``a server that refuses, and one that is not there, are findings with the address`` () =
    use folder = new Scratch.Folder()
    use server = new Server(content, [ Status "404 Not Found" ])
    let finding = refused (WeightsStore(folder.File "")) (known server.Address)
    Assert.Contains("404", finding.What)
    Assert.Contains("tiny-12345678.pth", finding.Where)
    Assert.Contains("cannot be downloaded", (refused (WeightsStore(folder.File "")) (known (Uri "http://127.0.0.1:1/"))).What)

[<Fact>]
let ``cancelling stops a download and keeps what came`` () =
    use folder = new Scratch.Folder()
    use server = new Server(content, [ Serve ])
    use cancellation = new CancellationTokenSource()

    let progress =
        { new IProgress<DownloadProgress> with
            member _.Report _ = cancellation.Cancel() }

    let store = WeightsStore(folder.File "")

    Assert.ThrowsAny<OperationCanceledException>(fun () ->
        store.Fetch(known server.Address, progress, cancellation.Token).GetAwaiter().GetResult() |> ignore)
    |> ignore

    Assert.Equal<string array>([| "tiny-12345678.pth.part" |], folder.Names)
    Assert.Equal<byte array>(content, File.ReadAllBytes(fetch store (known server.Address)))

[<Fact>]
let ``the mirror replaces the address and keeps the file name`` () =
    use folder = new Scratch.Folder()
    use server = new Server(content, [ Serve ])
    let store = WeightsStore(folder.File "", server.Address)
    Assert.Equal<byte array>(content, File.ReadAllBytes(fetch store (known (Uri "https://example.invalid/elsewhere/"))))

[<Fact>]
let ``the catalogue pins whole digests that agree with the published file names`` () =
    Assert.Equal<string seq>([ "kestrel"; "resnet18"; "resnet34"; "resnet50"; "wide_resnet50_2" ], WeightsCatalog.All |> Seq.map _.Name)

    for entry in WeightsCatalog.All |> Seq.filter (fun entry -> not entry.IsShipped) do
        Assert.Matches("^[0-9a-f]{64}$", entry.Sha256)
        Assert.Contains($"-{entry.Sha256[..7]}.pth", entry.FileName)
        Assert.Equal("https", entry.Url.Scheme)
        Assert.True(entry.Size > 40_000_000L)

    let unknown = Assert.Throws<InvalidInputException>(fun () -> WeightsCatalog.Find "vgg16" |> ignore)
    Assert.Contains("resnet34", unknown.Message)

[<Fact>]
let ``Falcon's own teacher is at hand without fetching, small, and what the catalogue says`` () =
    use folder = new Scratch.Folder()
    let store = WeightsStore(folder.File "weights")
    let entry = WeightsCatalog.Find "kestrel"
    let path = nonNull (store.Find "kestrel")
    Assert.Equal(path, store.Fetch("kestrel").GetAwaiter().GetResult())
    Assert.Equal(entry.Sha256, FileDigest.Sha256 path)
    Assert.Equal(entry.Size, FileInfo(path).Length)
    Assert.InRange(entry.Size, 1L, 3_000_000L)
    use teacher = Teacher.Load(path, entry.Backbone)
    Assert.Equal("kestrel", teacher.Provenance.Backbone)

[<Fact>]
let ``an imported checkpoint becomes safetensors that name their source`` () =
    let source = Fixtures.require [ "parity"; "weights"; "zip.pth" ]
    use folder = new Scratch.Folder()
    let store = WeightsStore(folder.File "weights")
    Assert.Equal("zip", store.Import(source).Name)
    Assert.Equal("zip", store.Import(source).Name)
    let path = string (store.Find "zip")
    use file = SafetensorsFile.Open path
    use original = WeightFile.Open source
    Assert.Equal<string seq>(original.Names, file.Names)
    Assert.Equal(FileDigest.Sha256 source, file.Metadata["source.sha256"])
    Assert.Equal("zip.pth", file.Metadata["source"])

    for name in file.Names do
        Assert.Equal<byte array>(original.Read(name).Bytes.ToArray(), file.Bytes(name).ToArray())

[<Fact>]
let ``a hostile file, or another of the same name, is not imported`` () =
    use folder = new Scratch.Folder()
    let store = WeightsStore(folder.File "weights")
    let hostile = Fixtures.require [ "parity"; "weights"; "evil_zip.pth" ]
    Assert.Throws<InvalidInputException>(fun () -> store.Import hostile |> ignore) |> ignore
    Assert.False(Directory.Exists store.Folder)
    store.Import(Fixtures.require [ "parity"; "weights"; "zip.pth" ]) |> ignore
    SafetensorsWriter.Write(folder.File "zip.safetensors", [| StoredTensor.Of("w", [| 1.0f |], 1L) |])
    let taken = Assert.Throws<InvalidInputException>(fun () -> store.Import(folder.File "zip.safetensors") |> ignore)
    Assert.Contains("name of another", taken.Message)

[<Fact>]
let ``the list shows the catalogue first and then what was imported`` () =
    use folder = new Scratch.Folder()
    let store = WeightsStore(folder.File "weights")

    Assert.Equal<string list>(
        [ "kestrel" ],
        [ for stored in store.List() do
              if not (isNull stored.FilePath) then stored.Name ]
    )

    store.Import(Fixtures.require [ "parity"; "weights"; "zip.pth" ]) |> ignore
    Assert.Equal<string seq>([ "kestrel"; "resnet18"; "resnet34"; "resnet50"; "wide_resnet50_2"; "zip" ], store.List() |> Seq.map _.Name)
    Assert.Null(store.Find "resnet18")
