namespace Falcon.Experiments

/// Something that is not the same of two cells.
type RunDifference =
    {
        /// `training.method.epochs`, `training images`, `metric imageAuroc`, `provenance cpu`.
        What: string
        /// Of the first; empty when absent.
        First: string
        /// Of the second.
        Second: string
    }

module RunComparison =
    /// Where two cells differ: options and inputs of their trainings, protocol, metrics and provenance.
    val differences: first: Run -> second: Run -> RunDifference list
