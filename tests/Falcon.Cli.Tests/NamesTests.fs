module Falcon.Cli.Tests.NamesTests

open System
open System.Reflection
open System.Runtime.CompilerServices
open Expecto

let private assemblies =
    [ typeof<Falcon.Finding>
      typeof<Falcon.Reports.TableStyle>
      typeof<Falcon.Experiments.Runtime>
      typeof<Falcon.Cli.Verb> ]
    |> List.map _.Assembly

let private space (``type``: Type) = string ``type``.Namespace

let private isWritten (``type``: Type) =
    not ``type``.IsNested
    && (space ``type``).StartsWith("Falcon", StringComparison.Ordinal)
    && ``type``.Name.IndexOfAny [| '<'; '@'; '$' |] < 0
    && not (``type``.IsDefined typeof<CompilerGeneratedAttribute>)

/// The name in the source: without the number of type parameters, and that of a module without the suffix that sets it apart from its type.
let private sourceName (``type``: Type) =
    let name = ``type``.Name.Split('`')[0]

    match ``type``.GetCustomAttribute<CompilationRepresentationAttribute>() with
    | null -> name
    | representation when representation.Flags.HasFlag CompilationRepresentationFlags.ModuleSuffix -> name[.. name.Length - 7]
    | _ -> name

[<Tests>]
let tests =
    testList
        "Names"
        [ test "no two types of one name are in different namespaces" {
              let types = assemblies |> List.collect (fun assembly -> List.ofArray (assembly.GetTypes())) |> List.filter isWritten
              Expect.isGreaterThan types.Length 500 "number of types"

              let shared =
                  [ for name, types in List.groupBy sourceName types do
                        match types |> List.map space |> List.distinct with
                        | [ _ ] -> ()
                        | namespaces ->
                            let places = String.concat ", " namespaces
                            $"{name}: {places}" ]

              Expect.isEmpty shared "names of two types"
          } ]
