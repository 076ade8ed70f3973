// Makes Falcon's own teacher of ML.NET's ResNet-18: stem and layer1 in float16, the convolutions of layers 2 and 3 in eight bits.
//
//   ./falcon --help && dotnet fsi experiments/teacher/kestrel.fsx assets/teachers/kestrel.safetensors
#load "../falcon.fsx"

open System
open System.Runtime.InteropServices
open Falcon
open Falcon.Weights

let source = nonNull (WeightsStore.OfUser().Find "resnet18-mlnet")
let file = SafetensorsFile.Open source

let halved (tensor: StoredTensor) =
    let values = file.Floats tensor.Name |> Array.map Half.op_Explicit
    StoredTensor(tensor.Name, ElementType.Float16, tensor.Shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray())

let tensors =
    [ for name in file.Names do
          let tensor = file.Read name

          if tensor.Shape.Count <> 4 then
              tensor
          elif name.StartsWith("layer2", StringComparison.Ordinal) || name.StartsWith("layer3", StringComparison.Ordinal) then
              yield! EightBitWeights.Of tensor
          else
              halved tensor ]

SafetensorsWriter.Write(
    fsi.CommandLineArgs[1],
    tensors,
    readOnlyDict [ "source", IO.Path.GetFileName source; "source.sha256", FileDigest.Sha256 source ]
)
