namespace Falcon.Experiments

open Falcon.Detection

/// A test image as a detector sees it. What it truly shows is not known here.
type ScoredImage =
    {
        /// Its path below the category's folder.
        Name: string
        /// The image score; higher is more anomalous.
        Score: float
        /// The anomaly map of the whole image; higher is more anomalous.
        Map: AnomalyMap
    }

/// A computation of one's own between scoring and metrics, for example another way to smooth maps. Metrics, tables and pictures show what it gives. It is a stage of
/// the store: its name, version and options are part of the key.
[<Sealed>]
type ScoreStage =
    /// What it is called: small letters, digits and hyphens.
    member Name: string

    /// Raised by hand when the code computes otherwise, so that earlier results are not used any more.
    member Version: int

    member internal Options: Store.Canonical
    member internal Apply: (ScoredImage list -> ScoredImage list)

module ScoreStage =
    /// Describes a stage.
    /// - `options`: a record of all numbers that change the result, or `()`. The function gets it: what it takes from elsewhere is not in the key.
    /// - `apply`: from the options and the test images of a category to the same images, in the same order, with other scores or maps.
    ///
    ///     ScoreStage.create "mean-of-map" 1 () (fun () -> List.map (fun image -> { image with Score = float (Array.average image.Map.Values) }))
    val create: name: string -> version: int -> options: 'Options -> apply: ('Options -> ScoredImage list -> ScoredImage list) -> ScoreStage
