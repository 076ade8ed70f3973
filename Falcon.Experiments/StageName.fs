/// Names of stages that a study brings.
module internal Falcon.Experiments.StageName

open System.Text.RegularExpressions
open Falcon

/// Falcon's own.
let private taken =
    set
        [ "data-check"
          "decode"
          "teacher-features"
          "class-activation"
          "train"
          "score"
          "metric"
          "cell"
          "overlap-curve"
          "figure"
          "qualitative"
          "gallery-photos"
          "gallery-maps"
          "report" ]

/// The name, if it can be one.
let check what name =
    if taken.Contains name then
        raise (
            InvalidInputException($"{what} cannot be called '{name}'", $"'{name}'", "Falcon has a stage of this name: choose another one.")
        )
    elif Regex.IsMatch(name, "^[a-z][a-z0-9-]*$") then
        name
    else
        raise (InvalidInputException($"{what} cannot be called '{name}'", $"'{name}'", "Use small letters, digits and hyphens: whitening."))
