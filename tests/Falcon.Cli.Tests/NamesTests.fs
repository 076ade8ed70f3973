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

/// The name without the number of type parameters. A module that F# sets apart from a type by a suffix has another one.
let private name (``type``: Type) = ``type``.Name.Split('`')[0]

[<Tests>]
let tests =
    testList
        "Names"
        [ test "no two types of one name are in different namespaces" {
              let types = assemblies |> List.collect (fun assembly -> List.ofArray (assembly.GetTypes())) |> List.filter isWritten
              Expect.isGreaterThan types.Length 500 "number of types"

              let shared =
                  [ for name, types in List.groupBy name types do
                        match types |> List.map space |> List.distinct with
                        | [ _ ] -> ()
                        | namespaces ->
                            let places = String.concat ", " namespaces
                            $"{name}: {places}" ]

              Expect.equal shared [] "names of two types"
          } ]
