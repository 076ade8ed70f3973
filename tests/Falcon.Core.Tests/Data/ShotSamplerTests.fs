module Falcon.Core.Tests.Data.ShotSamplerTests

open System.IO
open TorchSharp
open Xunit
open Falcon
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Randomness

let private numbered count =
    Category("set", "part", "part", [| for i in 0 .. count - 1 -> ImageItem($"{i}", $"train/good/{i:D3}.png", "good", false) |], [||])

let private choose (sampler: ShotSampler) count shots seed =
    [ for image in sampler.Select(numbered count, shots, MasterSeed seed) -> int image.Path ]

let private refused (sampler: ShotSampler) count shots seed =
    (Assert.Throws<InvalidInputException>(fun () -> sampler.Select(numbered count, shots, MasterSeed seed) |> ignore)).Message

[<Theory>]
[<InlineData(209, "17 204 40 82 50 160 180 25 196 44")>]
[<InlineData(60, "10 26 37 17 3")>]
[<InlineData(391, "224 360 177 154 248")>]
[<InlineData(289, "275 156 69 196 50")>]
let ``the published selections come out of the seed 616, in the cell or fixed`` (count: int, expected: string) =
    let expected = [ for position in expected.Split ' ' -> int position ]
    Assert.Equal<int list>(expected, choose ShotSampler.Default count expected.Length 616L)
    Assert.Equal<int list>(expected, choose (ShotSampler.SeededPermutation 616L) count expected.Length 3L)

[<Fact>]
let ``choices are the tensor library's own, whatever the seed and the number of images`` () =
    for seed in [ 0L; 1L; 616L; -1L; 5_000_000_017L ] do
        for count in [ 1; 2; 625; 1500 ] do
            use generator = new torch.Generator(uint64 seed)
            use order = torch.randperm (int64 count, generator = generator)
            Assert.Equal<int list>([ for i in order.data<int64>().ToArray() -> int i ], choose ShotSampler.Default count count seed)
            use generator = new torch.Generator(uint64 seed)
            use draws = torch.randint (0L, int64 count, [| int64 count |], generator = generator)

            Assert.Equal<int list>(
                [ for i in draws.data<int64>().ToArray() -> int i ],
                choose (ShotSampler.WithReplacement()) count count seed
            )

[<Fact>]
let ``fewer shots are the beginning of more shots, and no image comes twice`` () =
    Assert.Equal<int list>(choose ShotSampler.Default 40 5 3L, List.take 5 (choose ShotSampler.Default 40 40 3L))
    Assert.Equal<int list>([ 0..39 ], List.sort (choose ShotSampler.Default 40 40 3L))

[<Fact>]
let ``all images come in the order of names whatever the shots`` () =
    Assert.Equal<int list>([ 0..6 ], choose (ShotSampler.AllImages()) 7 2 9L)
    Assert.Equal("all images", string (ShotSampler.AllImages()))

[<Fact>]
let ``slices follow each other by name, and a seed without a full one is told how many there are`` () =
    let slice = ShotSampler.SortedSlice()
    Assert.Equal<int list>([ 0..6 ], [ for seed in 0L .. 2L -> choose slice 7 2 seed ] |> List.concat |> List.append [ 6 ] |> List.sort)
    Assert.Equal<int list>([ 4; 5 ], choose slice 7 2 2L)
    Assert.Contains("Use seeds from 0 to 2", refused slice 7 2 3L)
    Assert.Contains("none for seed -1", refused slice 7 2 -1L)

[<Fact>]
let ``draws with replacement repeat PyTorch's, may come twice, and say so`` () =
    Assert.Equal<int list>([ 153; 61 ], choose (ShotSampler.WithReplacement 512L) 209 2 0L)
    let draws = ShotSampler.WithReplacement()
    Assert.True(draws.Repeats)
    Assert.Contains("with replacement", string draws)
    Assert.Contains([ 0L .. 9L ], fun seed -> (choose draws 5 5 seed |> List.distinct).Length < 5)

[<Fact>]
let ``more shots than images are refused with the name of the category by every sampler that counts`` () =
    for sampler: ShotSampler in
        [ ShotSampler.Default
          ShotSampler.SortedSlice()
          ShotSampler.WithReplacement()
          ShotSampler.Listed "none.csv" ] do
        Assert.Contains("category part has 2 training images, fewer than 3 shots", refused sampler 2 3 0L)

let private listed lines (use': ShotSampler -> unit) =
    use folder = new Scratch.Folder()
    File.WriteAllLines(folder.File "support.csv", (lines: string list))
    use' (ShotSampler.Listed(folder.File "support.csv"))

[<Fact>]
let ``a list of support images is followed in its order, by path or by file name`` () =
    listed [ "category,image"; "other,000.png"; "part,train/good/004.png"; "part,001.png"; "part,000.png" ] (fun sampler ->
        Assert.Equal<int list>([ 4; 1 ], choose sampler 6 2 7L)
        Assert.Equal("the list support.csv", sampler.Lineage))

[<Fact>]
let ``a list may hold other images for every number of shots and seed`` () =
    listed [ "category,shots,seed,image"; "part,1,0,002.png"; "part,1,1,003.png"; "part,2,,004.png"; "part,2,,005.png" ] (fun sampler ->
        Assert.Equal<int list>([ 3 ], choose sampler 6 1 1L)
        Assert.Equal<int list>([ 4; 5 ], choose sampler 6 2 8L)
        Assert.Contains("lists 0 images of part for 1 shots and seed 2", refused sampler 6 1 2L))

[<Fact>]
let ``every wrong line of a list is named`` () =
    listed [ "category,shots,image"; "part,x,002.png"; "part,1" ] (fun sampler ->
        let message = refused sampler 6 1 0L
        Assert.Contains("line 2", message)
        Assert.Contains("line 3", message))

    listed [ "category,image"; "part,900.png"; "part,901.png" ] (fun sampler ->
        let message = refused sampler 6 2 0L
        Assert.Contains("900.png is no training image of part", message)
        Assert.Contains("901.png", message))

    listed [ "a,b" ] (fun sampler -> Assert.Contains("expected the columns category and image, found 'a,b'", refused sampler 6 2 0L))
    Assert.Contains("there is no such list", refused (ShotSampler.Listed "none.csv") 6 2 0L)
