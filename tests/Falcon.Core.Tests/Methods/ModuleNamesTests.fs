module Falcon.Core.Tests.Methods.ModuleNamesTests

open Expecto
open Falcon.Methods
open Falcon.Randomness
open TorchSharp

/// A module that holds another one: whoever registers a module registers the fields of that module too.
type private Holder(part: torch.nn.Module) as this =
    inherit torch.nn.Module("holder")
    do this.register_module ("part", part)

let private names (part: torch.nn.Module) = [ for entry in part.state_dict () -> entry.Key ]

let private isField (name: string) = name.Split '.' |> Array.exists (fun part -> part.StartsWith '_' || part.Contains "BackingField")

[<Tests>]
let tests =
    testList
        "Module names"
        [ testList
              "every tensor has one name, that of the specification and not of a field"
              [ for name, options in MethodsTests.all ->
                    test name {
                        use teacher = MethodsTests.teacher options
                        use network = options.CreateNetwork(teacher, MasterSeed 3L)

                        for struct (prefix, part) in network.Parts do
                            let own = names part
                            Expect.isEmpty (List.filter isField own) prefix
                            let held = names (new Holder(part)) |> List.map (fun name -> name.Substring "part.".Length)
                            Expect.equal (List.sort held) (List.sort own) $"{prefix}, held by another module"

                            let handles = [ for entry in part.state_dict () -> entry.Value.Handle ]
                            Expect.hasLength (List.distinct handles) handles.Length $"{prefix}, tensors"
                    } ]
          test "teachers, too" {
              for backbone, deepest in [ "resnet18", 5; "compact", 4 ] do
                  use network =
                      new Falcon.Backbones.ResNet(
                          Falcon.Backbones.BackboneCatalog.Find backbone,
                          enum<Falcon.Backbones.BackboneTap> deepest
                      )

                  Expect.isEmpty (List.filter isField (names (new Holder(network)))) backbone

              use efficient = new Falcon.Backbones.EfficientNet()
              Expect.isEmpty (List.filter isField (names (new Holder(efficient)))) "EfficientNet"
          } ]
