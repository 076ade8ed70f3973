namespace Falcon.Experiments

open Falcon.Backbones

/// In which numbers teacher features are kept.
type FeatureStorage =
    /// As they are computed.
    | Float32
    /// Rounded to half precision (11 significant bits): half the space.
    | Float16

/// The numbers of teacher features. Results depend on it, so it is part of every key that features are part of.
type FeatureFormat =
    {
        /// In which numbers the teacher computes.
        Precision: Precision
        /// In which numbers its features are kept.
        Storage: FeatureStorage
    }

module FeatureFormat =
    /// float32 throughout.
    ///
    ///     features { FeatureFormat.exact with Storage = Float16 }
    val exact: FeatureFormat

    /// A few words for titles.
    ///
    ///     FeatureFormat.describe { FeatureFormat.exact with Storage = Float16 }
    val describe: format: FeatureFormat -> string
