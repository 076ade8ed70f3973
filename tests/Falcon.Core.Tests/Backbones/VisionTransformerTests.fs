module Falcon.Core.Tests.Backbones.VisionTransformerTests

open System
open Expecto
open Falcon.Tests
open TorchSharp
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Parity
open Falcon.Randomness
open Falcon.Weights

[<Literal>]
let private Clip = "clip_vit_p14_w64_h4_d3_g4_o32"

[<Literal>]
let private Dino = "dinov2_vit_p14_w24_h3_d3_g5"

let private made (name: string) =
    let network = new VisionTransformer(nonNull (TransformerArchitecture.TryFind name))
    ParityWeights.Fill(network, $"{name}.")
    network.eval ()
    network

let private images height width =
    use generator = new torch.Generator(5UL)
    torch.randn ([| 2L; 3L; height; width |], generator = generator)

let private close (tolerance: float) (found: torch.Tensor) (expected: torch.Tensor) what =
    Expect.equal found.shape expected.shape $"shape of {what}"
    let largest = expected.abs().max().ToDouble()
    let apart = (found.``to`` (torch.ScalarType.Float64) - expected.``to`` (torch.ScalarType.Float64)).abs().max().ToDouble()
    Expect.isLessThan apart (tolerance * largest) what

/// The whole network once more, as the papers write it: one image, one head and one token at a time.
let private textbook (network: VisionTransformer) (image: torch.Tensor) =
    let architecture = network.Architecture
    let tensor = let all = network.state_dict () in fun name -> all[name].``to``(torch.ScalarType.Float64)
    let width, heads = int64 architecture.Width, architecture.Heads
    let side = width / int64 heads
    let epsilon = if architecture.Family = TransformerFamily.Clip then 1e-5 else 1e-6

    let norm (name: string) (x: torch.Tensor) =
        let mean = x.mean ([| -1L |], keepdim = true)
        let variance = (x - mean).square().mean([| -1L |], keepdim = true)
        (x - mean) / (variance + epsilon).sqrt() * tensor $"{name}.weight" + tensor $"{name}.bias"

    let linear (name: string) (x: torch.Tensor) = x.matmul ((tensor $"{name}.weight").t()) + tensor $"{name}.bias"
    let scaled (name: string) (x: torch.Tensor) = if architecture.Family = TransformerFamily.Clip then x else x * tensor $"{name}.gamma"

    let attention (block: string) (x: torch.Tensor) =
        let stacked = x.matmul ((tensor $"{block}.attn.in_proj_weight").t()) + tensor $"{block}.attn.in_proj_bias"

        let head index =
            let part which = stacked.narrow (1, which * width + index * side, side)
            let weights = ((part 0L).matmul((part 1L).t()) / Math.Sqrt(float side)).softmax(1L)
            weights.matmul (part 2L)

        linear $"{block}.attn.out_proj" (torch.cat ([| for index in 0 .. heads - 1 -> head (int64 index) |], 1L))

    let gelu (x: torch.Tensor) =
        if architecture.ExactGelu then
            0.5 * x * (1.0 + (x / Math.Sqrt 2.0).erf())
        else
            x * (1.702 * x).sigmoid()

    let patch = int64 architecture.PatchSize
    let rows, columns = image.shape[1] / patch, image.shape[2] / patch
    let kernel = (tensor "conv1.weight").reshape(width, -1L)

    let described =
        torch.stack (
            [| for y in 0L .. rows - 1L do
                   for x in 0L .. columns - 1L ->
                       kernel.mv (
                           image.narrow(1, y * patch, patch).narrow(2, x * patch, patch).reshape(-1L).``to``(torch.ScalarType.Float64)
                       ) |]
        )

    let described = if architecture.Family = TransformerFamily.Clip then described else described + tensor "conv1.bias"
    let positions = network.PositionsOf(int rows, int columns).``to``(torch.ScalarType.Float64)
    let placed = torch.cat [| (tensor "class_embedding").unsqueeze(0L); described |] + positions

    let tokens =
        if architecture.Registers = 0 then
            placed
        else
            torch.cat [| placed.narrow (0, 0, 1); tensor "register_tokens"; placed.narrow (0, 1, rows * columns) |]

    let first = if architecture.Family = TransformerFamily.Clip then norm "ln_pre" tokens else tokens

    (first, [ 0 .. architecture.Depth - 1 ])
    ||> List.scan (fun x index ->
        let block = $"transformer.resblocks.{index}"
        let x = x + scaled $"{block}.ls_1" (attention block (norm $"{block}.ln_1" x))

        x
        + scaled $"{block}.ls_2" (linear $"{block}.mlp.c_proj" (gelu (linear $"{block}.mlp.c_fc" (norm $"{block}.ln_2" x)))))
    |> List.tail

/// Writes a transformer's tensors by other names and in other shapes.
let private write (path: string) (network: VisionTransformer) (rename: string -> torch.Tensor -> (string * torch.Tensor) list) =
    SafetensorsWriter.Write(
        path,
        [| for KeyValue(name, tensor) in network.state_dict () do
               for name, tensor in rename name tensor -> StateDict.Store(name, tensor) |]
    )

let private block (name: string) =
    let parts = name.Split '.'
    parts[2], String.Join('.', parts[3..])

/// As DINOv2's own code and, but for the registers' name, timm.
let private dinoNames (name: string) (tensor: torch.Tensor) =
    match name with
    | "class_embedding" -> [ "cls_token", tensor.reshape (1, 1, -1); "mask_token", torch.zeros (1, tensor.shape[0]) ]
    | "positional_embedding" -> [ "pos_embed", tensor.unsqueeze (0L) ]
    | "register_tokens" -> [ "register_tokens", tensor.unsqueeze (0L) ]
    | _ when name.StartsWith "transformer" ->
        let number, rest = block name

        let theirs =
            match rest with
            | "attn.in_proj_weight" -> "attn.qkv.weight"
            | "attn.in_proj_bias" -> "attn.qkv.bias"
            | _ ->
                rest
                    .Replace("ln_", "norm")
                    .Replace("attn.out_proj", "attn.proj")
                    .Replace("ls_", "ls")
                    .Replace("mlp.c_fc", "mlp.fc1")
                    .Replace("mlp.c_proj", "mlp.fc2")

        [ $"blocks.{number}.{theirs}", tensor ]
    | _ -> [ name.Replace("conv1", "patch_embed.proj").Replace("ln_post", "norm"), tensor ]

/// A tensor of a block as Hugging Face has it: query, key and value apart, the rest by other names.
let private hugging layers (parts: string list) (names: (string * string) list) (name: string) (tensor: torch.Tensor) =
    let number, rest = block name

    if rest.StartsWith "attn.in_proj_" then
        [ for index, part in List.indexed parts -> $"{layers}.{number}.{part}.{rest.Substring 13}", tensor.chunk(3L)[index] ]
    else
        let theirs =
            (rest, names @ [ "mlp.c_fc", "mlp.fc1"; "mlp.c_proj", "mlp.fc2" ])
            ||> List.fold (fun rest (ours, theirs) -> rest.Replace(ours, theirs))

        [ $"{layers}.{number}.{theirs}", tensor ]

/// As Hugging Face's Dinov2Model behind a prefix.
let private huggingDino (name: string) (tensor: torch.Tensor) =
    match name with
    | "class_embedding" -> [ "dinov2.embeddings.cls_token", tensor.reshape (1, 1, -1); "classifier.weight", torch.zeros (3, 4) ]
    | "positional_embedding" -> [ "dinov2.embeddings.position_embeddings", tensor.unsqueeze (0L) ]
    | "register_tokens" -> [ "dinov2.embeddings.register_tokens", tensor.unsqueeze (0L) ]
    | _ when name.StartsWith "transformer" ->
        hugging
            "dinov2.encoder.layer"
            [ for part in [ "query"; "key"; "value" ] -> $"attention.attention.{part}" ]
            [ "ln_", "norm"
              "attn.out_proj", "attention.output.dense"
              "ls_1.gamma", "layer_scale1.lambda1"
              "ls_2.gamma", "layer_scale2.lambda1" ]
            name
            tensor
    | _ -> [ "dinov2." + name.Replace("conv1", "embeddings.patch_embeddings.projection").Replace("ln_post", "layernorm"), tensor ]

/// As Hugging Face's CLIPModel, with a piece of the text tower.
let private huggingClip (name: string) (tensor: torch.Tensor) =
    match name with
    | "class_embedding" ->
        [ "vision_model.embeddings.class_embedding", tensor
          "vision_model.embeddings.position_ids", torch.arange 17L
          "text_model.final_layer_norm.weight", torch.ones 5L ]
    | "positional_embedding" -> [ "vision_model.embeddings.position_embedding.weight", tensor ]
    | "proj" -> [ "visual_projection.weight", tensor.t().contiguous() ]
    | _ when name.StartsWith "transformer" ->
        hugging
            "vision_model.encoder.layers"
            [ for part in [ "q"; "k"; "v" ] -> $"self_attn.{part}_proj" ]
            [ "ln_", "layer_norm"; "attn.out_proj", "self_attn.out_proj" ]
            name
            tensor
    | _ ->
        [ "vision_model."
          + name.Replace("conv1", "embeddings.patch_embedding").Replace("ln_pre", "pre_layrnorm").Replace("ln_post", "post_layernorm"),
          tensor ]

/// As open_clip's whole model, and OpenAI's with its three numbers.
let private openClip (name: string) (tensor: torch.Tensor) =
    match name with
    | "class_embedding" ->
        [ $"visual.{name}", tensor
          "input_resolution", torch.tensor 224L
          "positional_embedding", torch.zeros (77, 8)
          "transformer.resblocks.0.ln_1.weight", torch.ones 8L ]
    | _ -> [ $"visual.{name}", tensor ]

[<Tests>]
let tests =
    testList
        "Vision transformers"
        [ for name in [ Clip; $"{Clip}_gelu"; Dino; $"{Dino}_r2" ] do
              test $"{name} computes what the papers say, at any grid of patches" {
                  use _ = torch.NewDisposeScope()
                  use _ = torch.no_grad ()
                  use network = made name

                  for height, width in [ 14L * 5L, 14L * 5L; 28L, 42L; 98L, 56L ] do
                      let pixels = images height width
                      let found = network.Tokens(pixels, [| 1; 3 |])
                      let expected = textbook network pixels[1]
                      close 1e-5 found[0].[1] expected[0] $"tokens after block 1, {width}×{height}"
                      close 1e-5 found[1].[1] expected[2] $"tokens after block 3, {width}×{height}"
              }

          test "taps give patches without class and register tokens, in their places" {
              use _ = torch.NewDisposeScope()
              use _ = torch.no_grad ()
              use network = made $"{Dino}_r2"
              let pixels = images 28L 42L
              let features = network.call (pixels, [| BackboneTap.Patches; BackboneTap.Block2; BackboneTap.Embedding |])
              let tokens = network.Tokens(pixels, [| 2 |])[0]
              Expect.equal features[0].shape [| 2L; 24L; 2L; 3L |] "shape of patches"
              Expect.equal features[2].shape [| 2L; 24L; 1L; 1L |] "shape of embedding"
              close 1e-9 (features[1].[1].flatten(1L).t().[5]) (tokens[1].[3 + 5]) "the last patch"
          }

          // Computed with PyTorch's interpolate: by scale factors (h + 0.1) / 5 as DINOv2's code, antialiased to a size as open_clip and DINOv2's with registers.
          for family, height, width, expected in
              [ Dino, 2, 3, [ 2.451343; 0.686231; 2.720414; 1.883986; 1.978641; 3.211846 ]
                $"{Dino}_r2", 2, 3, [ 1.817087; 1.861315; 1.939705; 1.67377; 2.15414; 2.425727 ]
                "clip_vit_p14_w24_h3_d3_g5_o8", 2, 3, [ 1.817087; 1.861315; 1.939705; 1.67377; 2.15414; 2.425727 ]
                Dino, 7, 6, [ -0.396153; 0.31364; 3.183946; 3.911194; 1.832035; 1.837468; 2.546587; 1.236909 ]
                $"{Dino}_r2", 7, 6, [ -0.278524; 0.504928; 3.168012; 3.608952; 1.870155; 1.877044; 2.424259; 1.213148 ] ] do
              test $"positions of {family} on a grid of {height}×{width} are those of its published code" {
                  use _ = torch.NewDisposeScope()
                  let table = torch.tensor [| for i in 0..25 -> float32 ((i - 1) * (i - 1) % 7) |]
                  let architecture = nonNull (TransformerArchitecture.TryFind family)
                  let found = PositionTable.Resize(table.unsqueeze 1L, architecture, height, width)
                  Expect.equal found.shape [| int64 (1 + height * width); 1L |] "shape"
                  let found = found.data<float32>().ToArray()
                  Expect.equal found[0] 1f "the class token's"

                  for found, expected in Seq.zip (Seq.tail found) expected do
                      Expect.floatClose Accuracy.low (float found) expected "position"
              }

          test "an input that patches do not divide is refused" {
              use network = made Clip
              raised<ArgumentException>(fun () -> network.Tokens(images 30L 28L, [| 1 |]) |> ignore) |> ignore
          }

          for title, name, rename in
              [ "DINOv2", $"{Dino}_r2", dinoNames
                "Hugging Face's DINOv2", $"{Dino}_r2", huggingDino
                "Hugging Face's CLIP", Clip, huggingClip
                "open_clip and OpenAI", Clip, openClip ] do
              test $"weights with the names of {title} load" {
                  use folder = new Scratch.Folder()
                  use network = made name
                  let path = folder.File "weights.safetensors"
                  write path network rename
                  use teacher = Teacher.Load(path, name)
                  use _ = torch.NewDisposeScope()
                  let pixels = images 56L 56L
                  let taps = [| BackboneTap.Block1; BackboneTap.Embedding |]

                  for found, expected in Seq.zip (teacher.Features(pixels, taps)) (network.call (pixels, taps)) do
                      close 1e-9 found expected "features"
              }

          test "timm's table of positions without the class token is completed with zeros" {
              use folder = new Scratch.Folder()
              use _ = torch.NewDisposeScope()
              use network = made $"{Dino}_r2"
              let path = folder.File "weights.safetensors"
              use _ = torch.no_grad ()
              (nonNull (network.get_parameter "positional_embedding")).[0].zero_() |> ignore

              write path network (fun name tensor ->
                  match dinoNames name tensor with
                  | [ "pos_embed", table ] -> [ "pos_embed", table.narrow(1, 1, table.shape[1] - 1L).contiguous() ]
                  | [ "register_tokens", table ] -> [ "reg_token", table ]
                  | other -> other)

              use teacher = Teacher.Load(path, $"{Dino}_r2")
              let pixels = images 70L 70L
              let taps = [| BackboneTap.Block3 |]
              close 1e-9 (teacher.Features(pixels, taps)[0]) (network.call(pixels, taps)[0]) "features"
          }

          test "a file of another size is refused with the names of its tensors" {
              use folder = new Scratch.Folder()
              use network = made Dino
              let path = folder.File "weights.safetensors"
              write path network dinoNames
              let error = raised<InvalidInputException>(fun () -> Teacher.Load(path, "dinov2_vits14").Dispose())
              Expect.exists error.Findings (fun finding -> finding.What.Contains "class_embedding") "a finding about the class token"
          }

          test "weights of another kind of network are refused in one line" {
              use folder = new Scratch.Folder()
              let path = folder.File "resnet.safetensors"

              do
                  use network = new ResNet(BackboneCatalog.Find "resnet18", BackboneTap.Layer1)
                  SafetensorsWriter.Write(path, StateDict.Tensors(network, ""))

              let error = raised<InvalidInputException>(fun () -> Teacher.Load(path, Dino).Dispose())
              Expect.stringContains (Seq.exactlyOne error.Findings).What "holds no vision transformer" "the finding"
          }

          test "random weights depend on the seed alone, and bfloat16 is near float32" {
              use _ = torch.NewDisposeScope()
              let pixels = images 56L 56L
              let taps = [| BackboneTap.Block3 |]

              let features (seed: int64) precision =
                  use teacher = Teacher.Random(Clip, MasterSeed seed, precision = precision)
                  teacher.Features(pixels, taps)[0]

              let first = features 1L Precision.Float32
              Expect.isTrue (first.allclose (features 1L Precision.Float32, 0.0, 0.0)) "the same seed"
              Expect.isFalse (first.allclose (features 2L Precision.Float32)) "another seed"
              close 0.05 (features 1L Precision.BFloat16) first "bfloat16"
          }

          test "names stand for shapes" {
              let shape (name: string) =
                  match TransformerArchitecture.TryFind name with
                  | null -> None
                  | found ->
                      Some(
                          found.PatchSize,
                          found.Width,
                          found.Heads,
                          found.Depth,
                          found.Grid,
                          found.Projection,
                          found.Registers,
                          found.ExactGelu
                      )

              Expect.equal (shape "clip_vit_l_14_336") (Some(14, 1024, 16, 24, 24, 768, 0, false)) "ViT-L/14-336"
              Expect.equal (shape "clip_vit_l_14_336_gelu") (Some(14, 1024, 16, 24, 24, 768, 0, true)) "with the exact GELU"
              Expect.equal (shape "dinov2_vitb14_reg") (Some(14, 768, 12, 12, 37, 0, 4, true)) "DINOv2 with registers"
              Expect.equal (shape Clip) (Some(14, 64, 4, 3, 4, 32, 0, false)) "another shape"

              for wrong in
                  [ "resnet18"
                    "clip_vit_p14_w63_h4_d3_g4_o32"
                    "clip_vit_p14_w64_h4_d25_g4_o32"
                    "dinov2_vit_p14_w64_h4_d3_g4_o8" ] do
                  Expect.isNone (shape wrong) wrong
          } ]
