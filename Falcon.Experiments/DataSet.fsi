namespace Falcon.Experiments

/// Where the images of a data set are.
[<RequireQualifiedAccess>]
type DataLayout =
    /// `<folder>/<category>/{train/good, test/<defect>, ground_truth/<defect>}`, the layout of MVTec AD and of many data sets after it.
    | Mvtec of folder: string
    /// One category: `<folder>/{train/good, test/<defect>, ground_truth/<defect>}`.
    | Category of folder: string
    /// Falcon's own drawn data set; it is written into the folder of the study on first use.
    | Drawn

/// A data set and the categories of it that a study uses. A value: nothing is read before a study is checked or run.
type DataSet =
    {
        /// The name in ids, tables and plots.
        Name: string
        /// Where the images are.
        Layout: DataLayout
        /// The categories, in the order of the tables.
        Categories: string list
    }

/// Data sets of any kind.
module Data =
    /// A data set in the layout of MVTec AD, in a folder that holds one folder per category. It is named after the folder; name its categories with
    /// `Data.categories`.
    val at: folder: string -> DataSet

    /// The one category in a folder that holds `train/good`, `test/good` and `test/<defect>`; masks in `ground_truth/<defect>` are optional. The
    /// category is named after the folder, the data set after the folder above it.
    val folder: folder: string -> DataSet

    /// What a folder holds: one category, or several. Unlike the others this one looks at the disk.
    /// Raises `InvalidInputException` when it is neither.
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

    /// The data set in a folder that holds one folder per category, all categories.
    val at: folder: string -> DataSet
