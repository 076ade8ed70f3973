namespace Falcon.Experiments

open System
open Falcon
open Falcon.Data
open Falcon.Methods
open Falcon.Protocol
open Falcon.Results

type Cell =
    { Data: DataSet
      Category: string
      Method: MethodOptions
      Auxiliary: DataSet option
      Shots: int
      Sampler: ShotSampler
      Seed: int
      Teacher: TeacherSource
      Features: FeatureFormat
      FeatureStages: FeatureStage list
      ImageScore: ImageScoreReducer
      ScoreStages: ScoreStage list
      EvaluationSize: EvaluationSize
      Notes: (string * string) list
      Swept: Swept
      Choice: string option }

module Shots =
    [<Literal>]
    let All = Int32.MaxValue

    let count shots = if shots = All then ShotCount.All else ShotCount.Of(max 1 shots)
    let text shots = if shots = All then "all" else $"{shots}shot"

module Cell =
    // Bytes: a file name has at most 255.
    [<Literal>]
    let private LongestId = 120

    /// A data set's name; those of published ones are known, and none is like another.
    let private dataPart (data: DataSet) =
        if DataCatalog.All |> Seq.exists (fun known -> known.Name = data.Name) then
            (FileName.Plain data.Name).Trim '-'
        else
            FileName.Part data.Name

    /// Where two categories of the data set differ in capitals alone, some file systems would take their folders for one.
    let private categoryPart (cell: Cell) =
        let isLike other = other <> cell.Category && FileName.AreAlike(other, cell.Category)
        FileName.Part(cell.Category, List.exists isLike cell.Data.Categories)

    /// The name that a study gives its method, or the method's own, with the options that differ.
    let private methodPart (method: MethodOptions) =
        let name, whole = Option.ofObj method.Label |> Option.defaultValue method.Name, MethodVariant.id method
        FileName.Part name + FileName.Plain(whole.Substring name.Length)

    let id cell =
        let auxiliary = [ for data in Option.toList cell.Auxiliary -> "auxiliary", data.Name ]
        let notes = String.concat "" [ for axis, value in auxiliary @ cell.Notes -> $"-{axis}={value}" ]

        // A long list of changed options ends in a digest.
        let fixed' = $"{dataPart cell.Data}-{categoryPart cell}-{methodPart cell.Method}-{Shots.text cell.Shots}-seed{cell.Seed}"
        FileName.Shortened(fixed' + FileName.Plain notes, LongestId)

    let private stages cell = [ for stage in cell.FeatureStages -> stage.Name ] @ [ for stage in cell.ScoreStages -> stage.Name ]

    let title cell =
        let teacher =
            match cell.Teacher with
            | TeacherSource.Random -> [ "random teacher" ]
            | TeacherSource.File _
            | TeacherSource.Named _ -> []

        let features = if cell.Features = FeatureFormat.exact then [] else [ FeatureFormat.describe cell.Features ]
        let auxiliary = [ for data in Option.toList cell.Auxiliary -> $"auxiliary {data.Name}" ]
        let notes = [ for axis, value in cell.Notes -> $"{axis} {value}" ]
        MethodVariant.title cell.Method (auxiliary @ teacher @ features @ stages cell @ notes)

    /// What determines its results beside the options of the method.
    let private surroundings cell =
        [ "teacher", Teacher.label cell.Teacher

          for data in Option.toList cell.Auxiliary do
              "auxiliary", data.Name

          if cell.Features <> FeatureFormat.exact then
              "features", FeatureFormat.describe cell.Features

          for stage in stages cell do
              stage, "" ]

    /// What sets the cell's method apart. An architecture that follows from the teacher is not named beside it.
    let private settings cell =
        let changed = MethodVariant.changes cell.Method |> List.map fst
        let options = changed @ List.except changed cell.Swept.Options
        let swept = cell.Swept.Notes

        [ for name in options do
              MethodSetting(MethodVariant.words name, MethodVariant.value cell.Method name, List.contains name cell.Swept.Options)

          for name, value in surroundings cell do
              if not (swept |> List.exists (fun (axis, at) -> axis = name || at = value)) then
                  MethodSetting(name, value)

          for name, value in List.except swept cell.Notes do
              MethodSetting(name, value)

          for name, value in swept do
              MethodSetting(name, value, true) ]

    let label cell =
        let family = MethodVariant.family cell.Method

        MethodLabel(
            cell.Method.Name,
            title cell,
            Family = family,
            Method = (if family = cell.Method.DisplayName then null else cell.Method.DisplayName),
            Settings = Array.ofList (settings cell)
        )

    /// The names of a study's own stages, in the order of the computation.
    let private listed (names: string list) = if names.IsEmpty then null else String.Join(", ", names)

    let protocol images cell =
        EvaluationProtocol(
            Shots.count cell.Shots,
            string cell.Sampler,
            cell.Method.Plan.Kept images,
            cell.ImageScore,
            cell.EvaluationSize,
            Lineage = cell.Sampler.Lineage,
            Repeats = cell.Sampler.Repeats,
            Smoothing = cell.Method.MapSmoothing,
            RegionOfInterest = cell.Method.RegionOfInterest,
            Choice = Option.toObj cell.Choice,
            Auxiliary = Option.toObj (cell.Auxiliary |> Option.map _.Name),
            FeatureStages = listed [ for stage in cell.FeatureStages -> stage.Name ],
            ScoreStages = listed [ for stage in cell.ScoreStages -> stage.Name ]
        )
