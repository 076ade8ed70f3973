module Falcon.Experiments.Tests.ScriptTests

open System.IO
open Xunit
open Falcon
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy

[<Fact>]
let ``a script's arguments fill the runtime and name the inputs`` () =
    let arguments =
        [ "--data"
          "photos"
          "--category"
          "a"
          "--category"
          "b"
          "--teacher"
          "t.pth"
          "--out"
          "o"
          "--threads"
          "3"
          "--workers"
          "4"
          "--quick" ]

    match Script.parse arguments with
    | Error findings -> Assert.Fail $"%A{findings}"
    | Ok read ->
        Assert.Equal<string list>([ "photos" ], read.Data)
        Assert.Equal<string list>([ "a"; "b" ], read.Categories)
        Assert.Equal(Some "t.pth", read.Teacher)
        Assert.True read.Quick
        Assert.Equal({ Runtime.local with Out = Some "o"; Threads = 3; Workers = 4 }, read.Runtime)

[<Fact>]
let ``all faults of a script's arguments are found at once`` () =
    match Script.parse [ "--date"; "--threads"; "none"; "--out" ] with
    | Ok _ -> Assert.Fail "the arguments are wrong"
    | Error findings -> Assert.Equal<string list>([ "--date"; "--threads"; "--out" ], [ for finding in findings -> finding.Where ])

let private arguments text =
    match Script.parse text with
    | Ok arguments -> arguments
    | Error findings -> failwith $"%A{findings}"

[<Fact>]
let ``a script may take several data sets, restricted to the categories that are named`` () =
    use folder = new Folder()
    writeData (folder.Path "one")
    writeData (folder.Path "two")
    let both = [ "--data"; folder.Path "one"; "--data"; folder.Path "two" ]
    let found text = [ for data in Script.dataSets (arguments text) -> data.Name, data.Categories ]
    Assert.Equal<(string * string list) list>([ "one", [ "cloth"; "plate" ]; "two", [ "cloth"; "plate" ] ], found both)
    Assert.Equal<(string * string list) list>([ "one", [ "plate" ]; "two", [ "plate" ] ], found (both @ [ "--category"; "plate" ]))
    let wrong () = found (both @ [ "--category"; "plat" ]) |> ignore
    Assert.Contains("cloth, plate", (Assert.Throws<InvalidInputException> wrong).Message)
    Assert.Throws<InvalidInputException>(fun () -> Script.data (arguments both) |> ignore) |> ignore

[<Fact>]
let ``a quick run takes the first category of the first data set`` () =
    use folder = new Folder()
    writeData (folder.Path "one")
    let quick = arguments [ "--data"; folder.Path "one"; "--data"; folder.Path "one"; "--quick" ]
    let data = Script.dataSets quick |> Script.smaller quick |> List.exactlyOne
    Assert.Equal<string list>([ "cloth" ], data.Categories)
    let full = { quick with Quick = false }
    Assert.Equal(2, (Script.dataSets full |> Script.smaller full).Length)

[<Fact>]
let ``a folder with the categories of a published data set has its name in a study`` () =
    use folder = new Folder()

    Directory.Move(
        (writeData (folder.Path "metal")
         folder.Path "metal/plate"),
        folder.Path "metal/tubes"
    )

    Directory.Delete(folder.Path "metal/cloth", true)
    Assert.Equal("MPDD", (Data.detect (folder.Path "metal")).Name)
    Assert.Equal<string list>(Mpdd.categories, (Mpdd.at "anywhere").Categories)
    Assert.Equal((12, 11), (Visa.categories.Length, Visa.withoutFryum.Length))

    Assert.Equal<string list>([ "carpet"; "grid"; "leather"; "tile"; "wood" ], (MvtecAd.at "anywhere" |> MvtecAd.onlyTextures).Categories)

    Assert.Equal(Data.drawn, MvtecAd.onlyTextures Data.drawn)
