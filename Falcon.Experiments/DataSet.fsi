namespace Falcon.Experiments

/// Where the images of a data set are.
[<RequireQualifiedAccess>]
type DataOrigin =
    /// A folder in any layout that Falcon reads: several categories, or one. What it is is found out when a study is checked or run.
    | Folder of folder: string
    /// Falcon's own drawn data set; it is written into the folder of the study on first use.
    | Drawn

/// A data set and the categories of it that a study uses. A value: nothing is read before a study is checked or run.
type DataSet =
    {
        /// The name in ids, tables and plots.
        Name: string
        /// Where the images are.
        Origin: DataOrigin
        /// The categories, in the order of the tables.
        Categories: string list
    }

/// Data sets of any kind.
module Data =
    /// A data set in a folder that holds one folder per category. It is named after the folder; name its categories with `Data.categories`.
    val at: folder: string -> DataSet

    /// The one category in a folder. The category is named after the folder, the data set after the folder above it.
    val folder: folder: string -> DataSet

    /// What a folder holds: a published data set, other categories, or one. Unlike the others this one looks at the disk.
    /// Raises `InvalidInputException` when it is none of these.
    val detect: folder: string -> DataSet

    /// Falcon's drawn data set, all categories. It needs no files of yours: the images are drawn and written when a study first uses them.
    val drawn: DataSet

    /// The same data set, with these categories only.
    val categories: categories: string list -> data: DataSet -> DataSet

    /// The same data set under another name in ids, tables and plots.
    val named: name: string -> data: DataSet -> DataSet

/// MVTec AD (Bergmann et al., CVPR 2019).
module MvtecAd =
    /// The fifteen categories.
    val categories: string list

    /// Its five textures.
    val textures: string list

    /// The textures of the data set if it is MVTec AD, under the name `MVTec AD (textures)`; any other as it is, and MVTec AD too when none of them is there.
    val onlyTextures: data: DataSet -> DataSet

    /// The data set in a folder that holds one folder per category, all categories.
    val at: folder: string -> DataSet

/// VisA (Zou et al., ECCV 2022): the archive with its one-class split, or its reorganised form.
module Visa =
    /// The twelve categories.
    val categories: string list

    /// The eleven of them that FALCON's public code lists: fryum is missing.
    val withoutFryum: string list

    /// The data set in a folder, all categories.
    val at: folder: string -> DataSet

/// MPDD, metal parts (Jezek et al., ICUMT 2021).
module Mpdd =
    /// The six categories.
    val categories: string list

    /// The data set in a folder that holds one folder per category, all categories.
    val at: folder: string -> DataSet

/// MVTec 3D-AD (Bergmann et al., VISAPP 2022), of which the colour images are read.
module Mvtec3d =
    /// The ten categories.
    val categories: string list

    /// The data set in a folder that holds one folder per category, all categories.
    val at: folder: string -> DataSet

/// BTAD (Mishra et al., ISIE 2021).
module Btad =
    /// The three products.
    val categories: string list

    /// The data set in a folder that holds one folder per product, all products.
    val at: folder: string -> DataSet
