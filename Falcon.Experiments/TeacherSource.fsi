namespace Falcon.Experiments

/// Where the weights of the frozen teacher come from.
[<RequireQualifiedAccess>]
type TeacherSource =
    /// A safetensors file or PyTorch checkpoint.
    | File of path: string
    /// Weights that `falcon weights fetch` has put in place, by their name in the catalogue.
    | Fetched of name: string
    /// Weights drawn at random: for trying a study out. Tables and plots say so.
    | Random

/// The frozen teacher of a study.
module Teacher =
    /// The weights in a file: safetensors, or a PyTorch checkpoint (parsed, never executed).
    val file: path: string -> TeacherSource

    /// Weights that `falcon weights fetch NAME` has put in place.
    val weights: name: string -> TeacherSource

    /// Random weights. Scores will be poor; tables and plots name the teacher as random.
    val random: TeacherSource

    /// What `--teacher` names: a file, weights that `falcon weights list` shows, or `random`. Without a name, the usual weights if they have been
    /// fetched, else random ones. Unlike the others this one looks at the disk.
    val available: usual: string -> named: string option -> TeacherSource
