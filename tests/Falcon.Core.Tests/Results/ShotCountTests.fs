module Falcon.Core.Tests.ShotCountTests

open System.Linq
open System.Text.Json
open Xunit
open Falcon.Results

[<Fact>]
let ``all images come after every number`` () =
    let counts = Enumerable.Order [ ShotCount.All; ShotCount.Of 10; ShotCount.Of 2 ]
    Assert.Equal<string list>([ "2"; "10"; "all" ], [ for count in counts -> string count ])

[<Theory>]
[<InlineData(1, "1", "1 shot")>]
[<InlineData(5, "5", "5 shots")>]
[<InlineData(0, "all", "all images")>]
let ``a number of shots has a short and a long text`` (count: int, short: string, long: string) =
    Assert.Equal(short, string (ShotCount.Of count))
    Assert.Equal(long, ShotCount.Of(count).Description)

let private read (json: string) = nonNull (JsonSerializer.Deserialize<ShotCount array> json)

[<Fact>]
let ``JSON holds a number or "all", and reads the zero of earlier files`` () =
    let counts = [| ShotCount.Of 5; ShotCount.All |]
    let text = JsonSerializer.Serialize counts
    Assert.Equal("""[5,"all"]""", text)
    Assert.Equal<ShotCount array>(counts, read text)
    Assert.Equal<ShotCount array>([| ShotCount.All |], read "[0]")

[<Theory>]
[<InlineData "-1">]
[<InlineData "1.5">]
[<InlineData "\"5\"">]
[<InlineData "null">]
let ``anything else in JSON is refused`` (text: string) =
    Assert.Contains("number of shots", Assert.Throws<JsonException>(fun () -> read $"[{text}]" |> ignore).Message)
