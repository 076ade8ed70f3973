namespace Falcon.Experiments

/// A study with the reports that are written when it has run.
type ReportedStudy =
    internal
        {
            Of: IStudy
            /// Folders with their sections.
            Reports: (string * Section list) list
        }

    interface IStudy with
        member this.Sweep = this.Of.Sweep
