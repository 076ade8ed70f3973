/// What is looked at of each photo: --roi.
module Falcon.Cli.RegionArgument

open System
open System.IO
open System.Text.Json.Nodes
open Falcon
open Falcon.Data
open Falcon.Imaging
open Falcon.Methods
open Falcon.Protocol

let private fault what text =
    InvalidInputException(
        what,
        $"--roi {text}",
        "Give a mask, white where to look, or the corners of a polygon in whole pixels: \"10,10 400,10 400,300\"."
    )

let private corner (text: string) =
    match text.Split ',' |> Array.map Int32.TryParse with
    | [| (true, x); (true, y) |] -> Some(PixelPoint(x, y))
    | _ -> None

/// The corners of polygons: `10,10 400,10 400,300`, several behind semicolons.
let private polygons (text: string) =
    let read (polygon: string) = polygon.Split(' ', StringSplitOptions.RemoveEmptyEntries) |> Array.map corner
    let all = text.Split(';', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries) |> Array.map read

    if all.Length = 0 || all |> Array.exists (Array.exists Option.isNone) then
        None
    else
        Some(all |> Array.map (Array.map Option.get))

/// A mask's file, or polygons in pixels of a photo.
let read (text: string) (photo: ImageItem) =
    if File.Exists text then
        RegionOfInterest.Read text
    else
        match polygons text with
        | None -> raise (fault "is neither a file nor a polygon" text)
        | Some polygons when polygons |> Array.exists (fun corners -> corners.Length < 3) ->
            raise (fault "has a polygon of fewer than three corners" text)
        | Some polygons ->
            let shape = ImageFile.ReadShape photo.Path
            let beyond (corner: PixelPoint) = corner.X < 0 || corner.Y < 0 || corner.X > shape.Width || corner.Y > shape.Height

            if polygons |> Array.exists (Array.exists beyond) then
                raise (fault $"has corners outside of the photos, which are {shape.Width}×{shape.Height}" text)

            RegionOfInterest.Of(shape.Width, shape.Height, [| for corners in polygons -> corners :> Collections.Generic.IReadOnlyList<_> |])

/// The options with what --roi says.
let apply session (given: string option) (photo: ImageItem) (options: MethodOptions) =
    match given with
    | None -> options
    | Some text ->
        let region =
            try
                read text photo
            with :? InvalidInputException as error when error.Findings[0].Where = "region of interest" ->
                raise (fault error.Findings[0].What text)

        if region.Area = region.Width * region.Height then
            Session.warn session $"--roi {text} is nowhere black: all of each photo is looked at"

        let changed = MethodJson.Set(options, "regionOfInterest", JsonValue.Create(string region))

        match List.ofSeq (changed.Check()) with
        | [] -> changed
        | findings -> raise (InvalidInputException(Array.ofList findings))
