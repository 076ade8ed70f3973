/// What the library says of itself, and what the pages say of the samples.
module Falcon.Experiments.Tests.DocumentationTests

open System
open System.IO
open System.Text.RegularExpressions
open System.Xml.Linq
open Expecto
open Microsoft.FSharp.Reflection
open Falcon.Experiments

let private assembly = typeof<Experiment>.Assembly

/// What is said of each type and member, by its name without kind and parameters.
let private documentation =
    let named (element: XElement) = nonNull (element.Attribute(XName.Get "name")) |> _.Value

    [ for element in (XDocument.Load(nonNull (Path.ChangeExtension(assembly.Location, "xml")))).Descendants(XName.Get "member") ->
          (named element).Substring(2).Split('(')[0], element.Value ]

/// The names of types as documentation has them, those that can be seen from outside and those that cannot.
let private shown, hidden =
    let name (type': Type) = (nonNull type'.FullName).Replace('+', '.')
    let shown, hidden = assembly.GetTypes() |> List.ofArray |> List.partition _.IsVisible
    set (List.map name shown), set (List.map name hidden)

/// The type that is meant, or to which the member that is meant belongs.
let rec private owner (name: string) =
    if shown.Contains name || hidden.Contains name then
        Some name
    else
        match name.LastIndexOf '.' with
        | -1 -> None
        | dot -> owner (name.Substring(0, dot))

/// Modules that programs use, not scripts.
let private programs = [ "Inspection"; "RunIndexModule"; "RunComparison"; "StoredDetector" ]

/// Whether scripts name the members of a type: those of modules outside of the store, and the operations of an experiment.
let private isVocabulary (name: string) =
    let type' = nonNull (assembly.GetType name)

    FSharpType.IsModule type'
    && type'.Namespace <> "Falcon.Experiments.Store"
    && not (List.contains type'.Name programs)
    || type' = typeof<ExperimentBuilder>

let private operations =
    [ for name, text in documentation do
          match owner name with
          | Some type' when type' <> name && shown.Contains type' && isVocabulary type' && not (name.Contains ".Yield") -> name, text
          | _ -> () ]

let private root =
    Seq.unfold
        (fun (folder: DirectoryInfo | null) -> folder |> Option.ofObj |> Option.map (fun here -> here.FullName, here.Parent))
        (DirectoryInfo AppContext.BaseDirectory)
    |> Seq.find (fun folder -> File.Exists(Path.Combine(folder, "Directory.Packages.props")))

let private samples =
    [ for file in Directory.GetFiles(Path.Combine(root, "samples"), "*.*", SearchOption.AllDirectories) do
          if file.EndsWith ".fsx" || file.EndsWith ".cs" then File.ReadAllText file ]

/// The code of a page that no sample has; what is left out of it is marked by a line with three dots. Scripts of their own and two classes of C# are on the page alone.
let private unknownCode page =
    [ for block in
          Regex.Matches(File.ReadAllText(Path.Combine(root, "docs", page)), @"```(?:fsharp|csharp)\n(.*?)```", RegexOptions.Singleline) do
          let code = block.Groups[1].Value

          if not (code.StartsWith "#load" || code.Contains "BoardsLayout" || code.Contains "BestPixelPrecision") then
              for piece in code.Split("…\n") do
                  if not (samples |> List.exists _.Contains(piece)) then piece ]

[<Tests>]
let tests =
    testList
        "Documentation"
        [ test "what is published names no internal type" {
              let named = documentation |> List.choose (fst >> owner)
              Expect.isNonEmpty named "types that are named"
              Expect.equal (named |> List.filter hidden.Contains |> List.distinct) [] "internal types that are named"
          }
          test "every operation of a script has an example" {
              Expect.isGreaterThan operations.Length 100 "operations"

              Expect.equal
                  [ for name, text in operations do
                        if not (Regex.IsMatch(text, @"\n {5}\S")) then name ]
                  []
                  "operations without an example"
          }
          testTheory "code on a page is that of the samples" [ "extend.md"; "add-a-method.md" ] (fun (page: string) ->
              Expect.equal (unknownCode page) [] page) ]
