/// What the documentation says of each method.
module Falcon.Core.Tests.Methods.MethodPagesTests

open System
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open Expecto
open Falcon.Core.Tests
open Falcon.Methods

let private root = Option.get Fixtures.repositoryRoot
let private methods = Path.Combine(root, "Falcon.Core", "Methods")
let private page = Path.Combine(root, "docs", "methods.md")
let private readmes () = Directory.GetFiles(methods, "README.md", SearchOption.AllDirectories)

/// The options of every method of the product that detects something.
let private options =
    [ for options in MethodCatalog.All do
          if options.GetType().Assembly = typeof<MethodOptions>.Assembly && not options.LearnsFromDefects then
              options ]

/// Asks the script that writes the page whether it would change it: its exit code, and what it says.
let private assembleCheck () =
    if OperatingSystem.IsWindows() then
        skiptest "docs/assemble is a script for bash, which Windows lacks."

    let start = ProcessStartInfo("bash", [ Path.Combine(root, "docs", "assemble"); "--check" ], RedirectStandardError = true)

    try
        use bash = nonNull (Process.Start start)
        let said = bash.StandardError.ReadToEnd()
        bash.WaitForExit()
        bash.ExitCode, said
    with :? Win32Exception ->
        skiptest "docs/assemble is a script for bash, which is not here."

/// The links of a page that lead nowhere: to a missing file, or to a heading that the page lacks.
let private brokenLinks (page: string) =
    let text = File.ReadAllText page
    let folder = nonNull (Path.GetDirectoryName page)
    let anchor (heading: string) = Regex.Replace(heading.ToLowerInvariant().Replace(' ', '-'), "[^a-z0-9-]", "")

    let anchors =
        set [ for heading in Regex.Matches(text, "^#+ (.+)$", RegexOptions.Multiline) -> anchor heading.Groups[1].Value ]

    let leads (target: string) =
        match target.Split '#' with
        | [| ""; heading |] -> anchors.Contains heading
        | parts -> target.Contains "://" || Path.Exists(Path.Combine(folder, parts[0]))

    [ for link in Regex.Matches(text, @"\]\(([^)]+)\)") do
          let target = link.Groups[1].Value
          if not (leads target) then target ]

[<Tests>]
let tests =
    testList
        "Pages of methods"
        [ test "the folder of every method has a README.md with the method's name as its heading" {
              for method in options do
                  let file = $"{method.GetType().Name}.cs"

                  match Directory.GetFiles(methods, file, SearchOption.AllDirectories) with
                  | [| file |] ->
                      let readme = Path.Combine(nonNull (Path.GetDirectoryName file), "README.md")
                      Expect.isTrue (File.Exists readme) $"there is {readme}"
                      Expect.equal (Seq.head (File.ReadLines readme)) $"# {method.DisplayName}" $"first line of {readme}"
                  | files -> failtest $"{file} is in %A{files}, not in one folder"
          }
          test "docs/methods.md is what docs/assemble writes" {
              let code, said = assembleCheck ()
              Expect.equal code 0 said
          }
          test "the links of docs/methods.md, and of what it is put together from, lead somewhere" {
              for page in Array.append [| page |] (readmes ()) do
                  Expect.equal (brokenLinks page) [] page
          } ]
