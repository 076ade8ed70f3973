namespace Falcon.Experiments

open Falcon.Data

/// Where the images of a data set are.
[<RequireQualifiedAccess>]
type DataOrigin =
    /// A folder in any layout that Falcon reads: several categories, or one. What it is is found out when a study is checked or run.
    | Folder of folder: string
    /// Falcon's own drawn data set; it is written into the folder of the study on first use.
    | Drawn
    /// A reader of one's own; see `Data.from`.
    | Source of source: DataSource

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
    ///
    ///     data (Data.at "photos" |> Data.categories [ "cap"; "lid" ])
    val at: folder: string -> DataSet

    /// The one category in a folder. The category is named after the folder, the data set after the folder above it.
    ///
    ///     data (Data.folder "photos/cap")
    val folder: folder: string -> DataSet

    /// What a folder holds: a published data set, other categories, or one. Unlike the others this one looks at the disk.
    /// Raises `InvalidInputException` when it is none of these.
    ///
    ///     data (Data.detect "photos")
    val detect: folder: string -> DataSet

    /// Falcon's drawn data set, all categories. It needs no files of yours: the images are drawn and written when a study first uses them.
    ///
    ///     data (Data.drawn |> Data.categories [ "flange" ])
    val drawn: DataSet

    /// A data set that a reader of one's own lists: a type that derives from `Falcon.Data.DataSource`.
    ///
    ///     data (Data.from (PartsList "photos/parts.csv"))
    val from: source: DataSource -> DataSet

    /// The same data set, with these categories only.
    ///
    ///     Visa.at "data/visa" |> Data.categories [ "candle" ]
    val categories: categories: string list -> data: DataSet -> DataSet

    /// The same data set under another name in ids, tables and plots.
    ///
    ///     dataSets [ Data.folder "june/cap"; Data.folder "july/cap" |> Data.named "July" ]
    val named: name: string -> data: DataSet -> DataSet

/// A data set that was published.
[<Sealed>]
type PublishedData =
    /// Its categories.
    ///
    ///     MvtecAd.categories |> List.except [ "screw" ]
    member categories: string list

    /// Those of its categories that it counts among its textures.
    ///
    ///     MvtecAd.at "data/mvtec" |> Data.categories MvtecAd.textures
    member textures: string list

    /// The data set in a folder that holds one folder per category, all categories.
    ///
    ///     data (Visa.at "data/visa")
    member at: folder: string -> DataSet

    /// The textures of a data set if it is this one, under the name `MVTec AD (textures)`; any other as it is, and this one too when none of them is there.
    ///
    ///     Script.dataSets arguments |> List.map MvtecAd.onlyTextures
    member onlyTextures: data: DataSet -> DataSet

[<AutoOpen>]
module PublishedDataSets =
    /// MVTec AD (Bergmann et al., CVPR 2019): fifteen categories.
    ///
    ///     data (MvtecAd.at "data/mvtec")
    val MvtecAd: PublishedData

    /// VisA (Zou et al., ECCV 2022): twelve categories, the archive with its one-class split, or its reorganised form.
    ///
    ///     data (Visa.at "data/visa")
    val Visa: PublishedData

    /// MPDD, metal parts (Jezek et al., ICUMT 2021): six categories.
    ///
    ///     data (Mpdd.at "data/mpdd" |> Data.categories [ "tubes" ])
    val Mpdd: PublishedData

    /// MVTec 3D-AD (Bergmann et al., VISAPP 2022), of which the colour images are read: ten categories.
    ///
    ///     data (Mvtec3d.at "data/mvtec-3d")
    val Mvtec3d: PublishedData

    /// BTAD (Mishra et al., ISIE 2021): three products.
    ///
    ///     data (Btad.at "data/btad")
    val Btad: PublishedData

    /// MVTec LOCO AD (Bergmann et al., IJCV 2022), logical and structural anomalies: five categories. The masks of an image are joined.
    ///
    ///     data (MvtecLoco.at "data/mvtec-loco")
    val MvtecLoco: PublishedData
