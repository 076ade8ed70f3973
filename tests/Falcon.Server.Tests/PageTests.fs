/// The page, as people use it.
module Falcon.Server.Tests.PageTests

open System
open System.IO
open System.Text.Json
open System.Threading
open Expecto
open Falcon.Imaging
open Falcon.Server
open Falcon.Tests
open Microsoft.Playwright
open Browser
open Http
open Servers

let private named (files: string list) = [ for file in files -> nonNull (Path.GetFileName file), File.ReadAllBytes file ]

/// A good photo in the dark.
let private dark =
    lazy
        (let photo = ImageFile.ReadRgb Photos.others.Value[0]

         for i in 0 .. photo.Pixels.Length - 1 do
             photo.Pixels[i] <- photo.Pixels[i] / 6uy

         "dark.png", ImageFile.EncodePng photo)

/// A good photo with a hole that nobody overlooks.
let private broken =
    lazy
        (let photo = ImageFile.ReadRgb Photos.others.Value[1]

         for y in 20..43 do
             for x in 24..47 do
                 for c in 0..2 do
                     photo.Pixels[3 * (y * photo.Width + x) + c] <- (if c = 0 then 255uy else 0uy)

         "broken.png", ImageFile.EncodePng photo)

/// The part of the page's address.
let private partOf (page: IPage) = (page.Url.Split "#part=")[1]

let private model server part = fine (get server $"/api/parts/{part}/model")
let private threshold server part = number (model server part) "threshold"

let private until what (condition: unit -> bool) =
    if not (SpinWait.SpinUntil(condition, 60_000)) then
        failtest $"It did not happen: {what}."

let private opacity (page: IPage) = evaluate<string> page "document.getElementById('view-heat').style.opacity"

/// The strongest colour of the heat map, 0 to 255.
let private heat (page: IPage) =
    evaluate<int>
        page
        "(canvas => Math.max(0, ...Array.from(canvas.width ? canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data : []).filter((_, i) => i % 4 === 3)))(document.getElementById('view-heat'))"

let private overflow (page: IPage) = evaluate<int> page "document.documentElement.scrollWidth - window.innerWidth"

/// What a download holds.
let private download (page: IPage) (start: unit -> unit) =
    let download = await (page.RunAndWaitForDownloadAsync(fun () -> Tasks.Task.Run start))
    download.SuggestedFilename, File.ReadAllBytes(await (download.PathAsync()))

[<Tests>]
let tests =
    testSequenced
    <| testList
        "Page"
        [ test "heat maps of the page have the colours of overlays" {
              let digits = Text.RegularExpressions.Regex.Matches((get (address ()) "/heat.js").Text, "\"([0-9a-f]{128})\"")
              let colours = Convert.FromHexString(String.concat "" [ for line in digits -> line.Groups[1].Value ])
              let ramp = Array.init 256 (fun level -> float32 level)
              Expect.equal colours (HeatMap.Colour(ramp, 256, 1, 0f, 255f).Pixels) "colours"
          }

          test
              "by mouse: drop photos, take the odd one away, train, inspect, look closer, move the threshold, teach, draw a region, download" {
              running (options (Photos.scratch "page")) (fun server ->
                  visiting server desktop (fun page ->
                      fill page "#welcome-name" "Flange <b>40</b> & more"
                      drop page "#welcome" (dark.Value :: named Photos.good.Value)
                      counts page "#photos-list li" 6
                      says page "#photos-remarks" "dark.png: is darker than the others"
                      let part = partOf page
                      Expect.equal (await (page.TextContentAsync "#parts .name")) "Flange <b>40</b> & more" "a name is text"
                      click page "#photos-list li:has-text('dark.png') button.plain"
                      counts page "#photos-list li" 5
                      counts page "#photos-remarks *" 0

                      fill page "#training-frequent [name=inputSize]" "64"
                      click page "#training-start"
                      sees page "#training-bar"
                      sees page "#inspection-drop:enabled"

                      drop page "#inspection" (broken.Value :: named [ Photos.others.Value[0] ])
                      counts page "#inspections li" 2
                      loses page "#inspection-progress"
                      says page "#verdict" "Anomalous"
                      says page "#inspections-count" "1 of 2 anomalous"
                      sees page "#regions-list button"
                      until "the heat map is drawn" (fun () -> heat page > 127)
                      fill page "#opacity" "25"
                      Expect.equal (opacity page) "0.25" "opacity"
                      click page "#regions-list button"
                      click page "#zoom-in"
                      until "it is larger" (fun () -> evaluate<string> page "document.getElementById('zoom-text').textContent" <> "100 %")
                      click page "#zoom-fit"
                      says page "#zoom-text" "100 %"

                      let before = threshold server part
                      drag page "#threshold-chart" (0.5f, 0.5f) (0.0f, 0.5f)
                      says page "#inspections-count" "2 of 2 anomalous"
                      until "the server has the threshold" (fun () -> threshold server part < before)
                      says page "#threshold-origin" "Set by hand"
                      fill page "#threshold-rate" "10"
                      click page "#threshold-rate-form button"
                      says page "#threshold-origin" "Made for 10 % false alarms"
                      says page "#threshold-cautions" "cannot promise less than"
                      says page "#inspections-count" "1 of 2 anomalous"
                      isAccessible page

                      click page "#good"
                      says page "#lesson" "passes now"
                      says page "#verdict" "Good"
                      counts page "#inspections li" 3
                      finish (page.SelectOptionAsync("#versions", "1"))

                      until "the lesson is taken back" (fun () ->
                          (model server part).GetProperty("version").GetProperty("version").GetInt32() = 1)

                      says page "#verdict-when" "version 2, not the present one"

                      click page "#region-draw"
                      isAccessible page
                      drag page ".corner" (0.5f, 0.5f) (-1.5f, -0.5f)
                      click page "#region-save"
                      sees page "#training-stale"
                      says page "#region-text" "of the photo is looked at"
                      let corner = (items ((fine (get server $"/api/parts/{part}")).GetProperty "region") "polygons").Head[0]
                      Expect.isLessThan (corner[0].GetInt32()) 10 "x of the corner that was dragged"

                      let name, bytes = download page (fun () -> click page "#model-file")
                      Expect.stringEnds name ".falcon" "name of the file"
                      Expect.equal bytes (get server $"/api/parts/{part}/model/file").Bytes "the model"))
          }

          test "by keyboard alone: make a part, choose photos, train, inspect, zoom, move the threshold, draw a region, download" {
              running (options (Photos.scratch "keys")) (fun server ->
                  visiting server desktop (fun page ->
                      sees page "body:not([aria-busy])"
                      tabTo page "#new-part-name"
                      finish (page.Keyboard.TypeAsync "By keys")
                      press page "Enter"
                      until "the next step has the focus" (fun () -> evaluate<string> page "document.activeElement.id" = "photos-drop")
                      let part = partOf page
                      choose page (named Photos.good.Value) (fun () -> press page "Enter")
                      counts page "#photos-list li" 5
                      tabTo page "#training-frequent [name=inputSize]"
                      finish (page.Keyboard.TypeAsync "64")
                      tabTo page "#training-start"
                      press page "Enter"
                      sees page "#inspection-drop:enabled"
                      says page "#said" "The training is done."

                      tabTo page "#inspection-drop"
                      choose page [ broken.Value ] (fun () -> press page "Enter")
                      says page "#said" "anomalous, score"
                      sees page "#view"
                      tabTo page "#view"
                      press page "+"
                      says page "#zoom-text" "150 %"

                      let before = threshold server part
                      tabTo page "#threshold-range"

                      for _ in 1..3 do
                          press page "ArrowRight"

                      until "the server has the threshold" (fun () -> threshold server part > before)

                      tabTo page "#region-draw"
                      press page "Enter"
                      sees page ".corner:focus"

                      for _ in 1..3 do
                          press page "ArrowLeft"

                      press page "Enter"
                      counts page ".corner" 5
                      tabTo page "#region-save"
                      press page "Enter"
                      sees page "#training-stale"
                      let polygon = (items ((fine (get server $"/api/parts/{part}")).GetProperty "region") "polygons").Head
                      Expect.equal (polygon.GetArrayLength()) 5 "corners"

                      tabTo page "#model-file"
                      let _, bytes = download page (fun () -> press page "Enter")
                      Expect.equal bytes (get server $"/api/parts/{part}/model/file").Bytes "the model"))
          }

          test "a server that is started again is found again, and the page follows the job that goes on" {
              let options = options (Photos.scratch "again")
              let first = start options
              let address = first.Address

              let part = part address "again"
              add address part Photos.good.Value |> ignore
              let mutable server = first

              try
                  visiting address desktop (fun page ->
                      fill page "#training-frequent [name=inputSize]" "64"
                      click page "#training-start"
                      sees page "#training-run"
                      stop server
                      sees page "#connection"
                      server <- start (ServerOptions(options.Home, options.Worker, Port = address.Port, Threads = 1))
                      sees page "#inspection-drop:enabled"
                      loses page "#connection"
                      Expect.equal (text (model address part) "method") "PatchCore" "the model is there")
              finally
                  stop server
          }

          test
              "on a phone in the dark: a server for others asks for its token, which is kept in the tab alone, nothing is cut off, and refusals are told" {
              let token = "a token of some length".Replace(' ', '-')
              let home = Photos.scratch "asked"
              furnish home |> ignore

              running (ServerOptions(home, worker, Port = 0, Threads = 1, Token = token)) (fun server ->
                  visiting server phone (fun page ->
                      fill page "#token-word" "another-token-of-some-length"
                      press page "Enter"
                      sees page "#token-wrong"
                      fill page "#token-word" token
                      press page "Enter"
                      counts page "#photos-list li" Photos.good.Value.Length

                      until "the cookie shows pictures" (fun () ->
                          evaluate<bool>
                              page
                              "[...document.querySelectorAll('#photos-list img')].some(picture => picture.naturalWidth > 0)")

                      Expect.equal (evaluate<string> page "`${sessionStorage.length} ${localStorage.length}`") "1 0" "kept in the tab"
                      await (page.ReloadAsync()) |> ignore
                      counts page "#photos-list li" Photos.good.Value.Length
                      Expect.isFalse (await (page.IsVisibleAsync "#token")) "asked again"
                      tabTo page "#skip"
                      press page "Enter"
                      Expect.equal (evaluate<string> page "document.activeElement.id") "main" "where the focus jumps to"
                      Expect.isTrue (await (page.IsVisibleAsync "#chosen")) "the part is still there"

                      let good = snd dark.Value

                      finish (
                          page.SetInputFilesAsync(
                              "#inspection-files",
                              [ for name, bytes in [ "<img src=x onerror=alert(1)>.png", good; "cut.png", good[..200] ] ->
                                    FilePayload(Name = name, MimeType = "image/png", Buffer = bytes) ]
                          )
                      )

                      says page "#inspection-problems" "cut.png: the image file is truncated"
                      says page "#inspections .name" "<img src=x onerror=alert(1)>.png"

                      for width in [ 390; 820; 1440 ] do
                          finish (page.SetViewportSizeAsync(width, 844))
                          Expect.isLessThanOrEqual (overflow page) 0 $"what sticks out at a width of {width}"

                      isAccessible page
                      click page "#leave"
                      sees page "#token-word"))
          } ]
