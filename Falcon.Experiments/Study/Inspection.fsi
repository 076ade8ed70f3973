namespace Falcon.Experiments

open System.Collections.Generic
open System.Threading
open Falcon.Data
open Falcon.Experiments.Store

/// What was found out about the files of a category.
type Inspected =
    {
        Category: Category
        /// The digests of its images and masks by path, without those that cannot be read.
        Digests: IReadOnlyDictionary<string, Digest>
        /// What is wrong with them.
        Report: DataReport
    }

/// Looks at data sets, and at unchanged files only once: digests are remembered by the files' times, and what a check found by the digests.
module Inspection =
    /// The digests of a category's files, in the memo of the store, by path; those that cannot be read are left out.
    val digests: store: Store -> category: Category -> IReadOnlyDictionary<string, Digest>

    /// The digest of a category's names and contents; none when some file cannot be read.
    val digest: digests: IReadOnlyDictionary<string, Digest> -> category: Category -> string option

    /// Looks at all files of a category. A check that finds no errors is not repeated for the same files.
    val check: store: Store -> workers: int -> cancellation: CancellationToken -> category: Category -> needs: DataNeeds -> Inspected
