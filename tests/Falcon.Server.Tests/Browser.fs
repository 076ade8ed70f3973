/// The page in a browser: Chromium of the system, driven by Playwright, which loads nothing.
module Falcon.Server.Tests.Browser

open System
open System.Collections.Concurrent
open System.IO
open System.Threading.Tasks
open Deque.AxeCore.Commons
open Deque.AxeCore.Playwright
open Expecto
open Microsoft.Playwright

let await (task: Task<'Result>) = task.GetAwaiter().GetResult()
let finish (task: Task) = task.GetAwaiter().GetResult()

/// Where distributions put Chromium; FALCON_CHROMIUM names another one.
let private chromium =
    [ Environment.GetEnvironmentVariable "FALCON_CHROMIUM"
      "/usr/bin/chromium"
      "/usr/bin/chromium-browser"
      "/usr/bin/google-chrome" ]
    |> List.choose Option.ofObj
    |> List.tryFind File.Exists

let private patience = 60_000f

let private arguments =
    [ "--no-sandbox"
      "--disable-gpu"
      "--disable-quic"
      "--no-first-run"
      "--disable-background-networking"
      "--disable-component-update"
      "--disable-sync" ]

let private browser =
    lazy
        (let playwright = await (Playwright.CreateAsync())
         Assertions.SetDefaultExpectTimeout patience
         playwright, await (playwright.Chromium.LaunchAsync(BrowserTypeLaunchOptions(ExecutablePath = chromium.Value, Args = arguments))))

let close () =
    if browser.IsValueCreated then
        let playwright, browser = browser.Value
        finish (browser.CloseAsync())
        playwright.Dispose()

/// How somebody looks at the page.
type Screen = { Width: int; Height: int; Scheme: ColorScheme; Touch: bool }

let desktop = { Width = 1440; Height = 900; Scheme = ColorScheme.Light; Touch = false }

let phone = { Width = 390; Height = 844; Scheme = ColorScheme.Dark; Touch = true }

/// Files of the page as they lie in this folder, rather than those of the program: for whoever works on them.
let private draft = Option.ofObj (Environment.GetEnvironmentVariable "FALCON_PAGE")

let private serveDraft (page: IPage) (folder: string) =
    let file (address: string) =
        let path = Uri(address).AbsolutePath.TrimStart '/'
        Path.Combine(folder, (if path = "" then "index.html" else path))

    page.RouteAsync(
        (fun address -> File.Exists(file address)),
        (fun (route: IRoute) ->
            task {
                let! response = route.FetchAsync()
                do! route.FulfillAsync(RouteFulfillOptions(Response = response, Body = File.ReadAllText(file route.Request.Url)))
            }
            :> Task)
    )
    |> finish

/// Opens the page of a server in a new profile. It writes no error on the console, and asks nobody else.
let visiting (server: Uri) (screen: Screen) (action: IPage -> unit) =
    if chromium.IsNone then
        skiptest "There is no Chromium: install it, or name one by FALCON_CHROMIUM."

    let size = ViewportSize(Width = screen.Width, Height = screen.Height)

    let options =
        BrowserNewContextOptions(
            ViewportSize = size,
            ColorScheme = screen.Scheme,
            HasTouch = screen.Touch,
            ReducedMotion = ReducedMotion.Reduce
        )

    let context = await ((snd browser.Value).NewContextAsync options)

    try
        context.SetDefaultTimeout patience
        let page = await (context.NewPageAsync())
        let errors, foreign = ConcurrentQueue<string>(), ConcurrentQueue<string>()

        // What the interface refuses, or what is not reached of it, is told by the browser, too; the page shows it where it arises.
        let isRefusal (message: IConsoleMessage) =
            message.Text.StartsWith "Failed to load resource"
            && (message.Location.Contains "/api" || message.Location.Contains "/health/")

        let isOwn (message: IConsoleMessage) = message.Type = "error" && not (isRefusal message)
        page.Console.Add(fun message -> if isOwn message then errors.Enqueue message.Text)
        page.PageError.Add errors.Enqueue
        // Choosers are caught from the beginning: a key that opens one does not wait for that.
        page.FileChooser.Add ignore

        page.Request.Add(fun request ->
            if not (request.Url.StartsWith(string server) || request.Url.StartsWith "blob:" || request.Url.StartsWith "data:") then
                foreign.Enqueue request.Url)

        draft |> Option.iter (serveDraft page)
        await (page.GotoAsync(string server)) |> ignore

        try
            action page
        with _ ->
            for error in errors do
                eprintfn $"page: {error}"

            match Environment.GetEnvironmentVariable "FALCON_SCREENSHOTS" with
            | null -> ()
            | folder -> await (page.ScreenshotAsync(PageScreenshotOptions(Path = Path.Combine(folder, "failed.png")))) |> ignore

            reraise ()

        Expect.isEmpty errors "errors on the console"
        Expect.isEmpty foreign "requests to others"
    finally
        finish (context.CloseAsync())

/// Waits until an element says something.
let says (page: IPage) (selector: string) (text: string) = finish (Assertions.Expect(page.Locator selector).ToContainTextAsync text)

/// Waits until an element is seen.
let sees (page: IPage) (selector: string) = finish (page.Locator(selector).First.WaitForAsync())

/// Waits until nothing of an element is seen.
let loses (page: IPage) (selector: string) = finish (Assertions.Expect(page.Locator selector).ToBeHiddenAsync())

/// Waits until there are that many.
let counts (page: IPage) (selector: string) (count: int) = finish (Assertions.Expect(page.Locator selector).ToHaveCountAsync count)

let click (page: IPage) (selector: string) = finish (page.ClickAsync selector)
let fill (page: IPage) (selector: string) (text: string) = finish (page.FillAsync(selector, text))
let press (page: IPage) (key: string) = finish (page.Keyboard.PressAsync key)
let value (page: IPage) (selector: string) = await (page.InputValueAsync selector)
let evaluate<'Value> (page: IPage) (script: string) = await (page.EvaluateAsync<'Value> script)

/// Nothing of the page fails WCAG 2.2 at level AA, contrast included, as far as a program (axe) can tell.
let isAccessible (page: IPage) =
    let rules = RunOnlyOptions(Type = "tag", Values = ResizeArray [ "wcag2a"; "wcag2aa"; "wcag21a"; "wcag21aa"; "wcag22aa" ])
    let result = await (page.RunAxe(AxeRunOptions(RunOnly = rules)))
    Expect.isGreaterThan result.Passes.Length 10 "rules that were looked at"

    Expect.isEmpty
        [ for violation in result.Violations -> violation.Help, [ for node in violation.Nodes -> node.Html ] ]
        "what people with other eyes or hands cannot use"

/// Goes on with the Tab key until the focus is there.
let tabTo (page: IPage) (selector: string) =
    let isThere () =
        await (page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector))

    let rec go left =
        if not (isThere ()) then
            if left = 0 then failtest $"The Tab key never comes to {selector}."
            press page "Tab"
            go (left - 1)

    go 200

/// Files with the names that they have for the browser.
let choose (page: IPage) (files: (string * byte array) list) (openChooser: unit -> unit) =
    let chooser = await (page.RunAndWaitForFileChooserAsync(fun () -> Task.Run openChooser))
    finish (chooser.SetFilesAsync [ for name, bytes in files -> FilePayload(Name = name, MimeType = "image/png", Buffer = bytes) ])

/// Drops files on an element.
let drop (page: IPage) (selector: string) (files: (string * byte array) list) =
    let script =
        """files => {
            const transfer = new DataTransfer();
            for (const [name, content] of files)
              transfer.items.add(new File([Uint8Array.from(atob(content), letter => letter.charCodeAt(0))], name, { type: "image/png" }));
            return transfer;
          }"""

    let transfer =
        await (page.EvaluateHandleAsync(script, [| for name, bytes in files -> [| name; Convert.ToBase64String bytes |] |]))

    finish (page.DispatchEventAsync(selector, "drop", {| dataTransfer = transfer |}))

/// Presses at one place of an element, given in shares of its box, and lets go at another.
let drag (page: IPage) (selector: string) (fromX: float32, fromY: float32) (toX: float32, toY: float32) =
    finish (page.Locator(selector).First.ScrollIntoViewIfNeededAsync())
    let box = await (page.Locator(selector).First.BoundingBoxAsync()) |> nonNull

    let move x y =
        finish (page.Mouse.MoveAsync(box.X + x * box.Width, box.Y + y * box.Height, MouseMoveOptions(Steps = 4)))

    move fromX fromY
    finish (page.Mouse.DownAsync())
    move toX toY
    finish (page.Mouse.UpAsync())
