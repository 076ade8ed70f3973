module Falcon.Core.Tests.Data.ShotSamplerTests

open System.IO
open TorchSharp
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Randomness

let private numbered count =
    Category("set", "part", "part", [| for i in 0 .. count - 1 -> ImageItem($"{i}", $"train/good/{i:D3}.png", "good", false) |], [||])

let private choose (sampler: ShotSampler) count shots seed =
    [ for image in sampler.Select(numbered count, shots, MasterSeed seed) -> int image.Path ]

let private refused (sampler: ShotSampler) count shots seed =
    (raised<InvalidInputException>(fun () -> sampler.Select(numbered count, shots, MasterSeed seed) |> ignore)).Message

let private listed lines (use': ShotSampler -> unit) =
    use folder = new Scratch.Folder()
    File.WriteAllLines(folder.File "support.csv", (lines: string list))
    use' (ShotSampler.Listed(folder.File "support.csv"))

[<Tests>]
let tests =
    testList
        "Shot sampler"
        [ testTheory
              "the published selections come out of the seed 616, in the cell or fixed"
              [ 209, "17 204 40 82 50 160 180 25 196 44"
                60, "10 26 37 17 3"
                391, "224 360 177 154 248"
                289, "275 156 69 196 50" ]
              (fun (count: int, expected: string) ->
                  let expected = [ for position in expected.Split ' ' -> int position ]
                  Expect.equal (choose ShotSampler.Default count expected.Length 616L) expected "choose default count expected"

                  Expect.equal
                      (choose (ShotSampler.SeededPermutation 616L) count expected.Length 3L)
                      expected
                      "choose seeded permutation count expected")
          test "choices are the tensor library's own, whatever the seed and the number of images" {
              for seed in [ 0L; 1L; 616L; -1L; 5_000_000_017L ] do
                  for count in [ 1; 2; 625; 1500 ] do
                      use generator = new torch.Generator(uint64 seed)
                      use order = torch.randperm (int64 count, generator = generator)

                      Expect.equal
                          (choose ShotSampler.Default count count seed)
                          [ for i in order.data<int64>().ToArray() -> int i ]
                          "choose default count seed"

                      use generator = new torch.Generator(uint64 seed)
                      use draws = torch.randint (0L, int64 count, [| int64 count |], generator = generator)

                      Expect.equal
                          (choose (ShotSampler.WithReplacement()) count count seed)
                          [ for i in draws.data<int64>().ToArray() -> int i ]
                          "choose with replacement count seed"
          }
          test "fewer shots are the beginning of more shots, and no image comes twice" {
              Expect.equal (List.take 5 (choose ShotSampler.Default 40 40 3L)) (choose ShotSampler.Default 40 5 3L) "5 choose default 40"
              Expect.equal (List.sort (choose ShotSampler.Default 40 40 3L)) [ 0..39 ] "choose default 40"
          }
          test "all images come in the order of names whatever the shots" {
              Expect.equal (choose (ShotSampler.AllImages()) 7 2 9L) [ 0..6 ] "choose all images 7 2"
              Expect.equal (string (ShotSampler.AllImages())) "all images" "all images"
          }
          test "slices follow each other by name, and a seed without a full one is told how many there are" {
              let slice = ShotSampler.SortedSlice()

              Expect.equal
                  ([ for seed in 0L .. 2L -> choose slice 7 2 seed ] |> List.concat |> List.append [ 6 ] |> List.sort)
                  [ 0..6 ]
                  "choose slice 7 2 seed append"

              Expect.equal (choose slice 7 2 2L) [ 4; 5 ] "choose slice 7 2"
              Expect.stringContains (refused slice 7 2 3L) "Use seeds from 0 to 2" "refused slice 7 2"
              Expect.stringContains (refused slice 7 2 -1L) "none for seed -1" "refused slice 7 2"
          }
          test "draws with replacement repeat PyTorch's, may come twice, and say so" {
              Expect.equal (choose (ShotSampler.WithReplacement 512L) 209 2 0L) [ 153; 61 ] "choose with replacement 209 2"
              let draws = ShotSampler.WithReplacement()
              Expect.isTrue draws.Repeats "repeats of draws"
              Expect.stringContains (string draws) "with replacement" "draws"
              Expect.exists [ 0L .. 9L ] (fun seed -> (choose draws 5 5 seed |> List.distinct).Length < 5) "seeds that draw an image twice"
          }
          test "more shots than images are refused with the name of the category by every sampler that counts" {
              for sampler: ShotSampler in
                  [ ShotSampler.Default
                    ShotSampler.SortedSlice()
                    ShotSampler.WithReplacement()
                    ShotSampler.Listed "none.csv" ] do
                  Expect.stringContains
                      (refused sampler 2 3 0L)
                      "category part has 2 training images, fewer than 3 shots"
                      "refused sampler 2 3"
          }
          test "a list of support images is followed in its order, by path or by file name" {
              listed [ "category,image"; "other,000.png"; "part,train/good/004.png"; "part,001.png"; "part,000.png" ] (fun sampler ->
                  Expect.equal (choose sampler 6 2 7L) [ 4; 1 ] "choose sampler 6 2"
                  Expect.equal sampler.Lineage "the list support.csv" "lineage of sampler")
          }
          test "a list may hold other images for every number of shots and seed" {
              listed
                  [ "category,shots,seed,image"; "part,1,0,002.png"; "part,1,1,003.png"; "part,2,,004.png"; "part,2,,005.png" ]
                  (fun sampler ->
                      Expect.equal (choose sampler 6 1 1L) [ 3 ] "choose sampler 6 1"
                      Expect.equal (choose sampler 6 2 8L) [ 4; 5 ] "choose sampler 6 2"
                      Expect.stringContains (refused sampler 6 1 2L) "lists 0 images of part for 1 shots and seed 2" "refused sampler 6 1")
          }
          test "every wrong line of a list is named" {
              listed [ "category,shots,image"; "part,x,002.png"; "part,1" ] (fun sampler ->
                  let message = refused sampler 6 1 0L
                  Expect.stringContains message "line 2" "message"
                  Expect.stringContains message "line 3" "message")

              listed [ "category,image"; "part,900.png"; "part,901.png" ] (fun sampler ->
                  let message = refused sampler 6 2 0L
                  Expect.stringContains message "900.png is no training image of part" "message"
                  Expect.stringContains message "901.png" "message")

              listed [ "a,b" ] (fun sampler ->
                  Expect.stringContains
                      (refused sampler 6 2 0L)
                      "expected the columns category and image, found 'a,b'"
                      "refused sampler 6 2")

              Expect.stringContains (refused (ShotSampler.Listed "none.csv") 6 2 0L) "there is no such list" "refused listed none.csv 6 2"
          } ]
