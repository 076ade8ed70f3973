namespace Falcon.Experiments

/// Where the weights of the frozen teacher come from.
[<RequireQualifiedAccess>]
type TeacherSource =
    /// A safetensors file or PyTorch checkpoint.
    | File of path: string
    /// Weights that `falcon weights list` shows, by their name: Falcon's own, fetched or imported ones. The architecture of known ones is the catalogue's.
    | Named of name: string
    /// Weights drawn at random: for trying a study out. Tables and plots say so.
    | Random

    /// As `Teacher.label` says it.
    override ToString: unit -> string

/// The teachers that there are.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Teacher =
    /// The weights in a file: safetensors, or a PyTorch checkpoint (parsed, never executed).
    ///
    ///     teacher (Teacher.file "weights/resnet18.pth")
    val file: path: string -> TeacherSource

    /// Weights that `falcon weights list` shows, fetched before unless they are Falcon's own. Methods take their architecture unless they
    /// name another, which is refused.
    ///
    ///     teacher (Teacher.weights "resnet18")
    val weights: name: string -> TeacherSource

    /// Falcon's own teacher, kestrel: always there, and what a study means where no teacher is named.
    ///
    ///     teacher Teacher.shipped
    val shipped: TeacherSource

    /// Random weights. Scores will be poor; tables and plots name the teacher as random.
    ///
    ///     teacher Teacher.random
    val random: TeacherSource

    /// A short name for tables, ids and axes: that of known weights, of a file without folder and ending, or `random`.
    ///
    ///     Teacher.label (Teacher.file "weights/resnet18.pth") // resnet18
    val label: source: TeacherSource -> string

    /// What `--teacher` names: a file, weights that `falcon weights list` shows, or `random`. Unlike the others it looks at the disk.
    ///
    ///     teacher (Teacher.named "resnet18")
    val named: given: string -> TeacherSource

    /// What `--teacher` names; without it, weights of this name if they are at hand, else random ones.
    ///
    ///     teacher (Teacher.available "resnet18" arguments.Teacher)
    val available: name: string -> given: string option -> TeacherSource

    /// What teaches a detector where nobody names a teacher: the best that is at hand of those with one of these architectures. That is torchvision's ResNet-18
    /// where it has been fetched, else ML.NET's where its package has been restored, else kestrel. It looks at the disk: a study that is to mean the same
    /// everywhere names its teacher.
    ///
    ///     teacher (Teacher.usual (PatchCoreOptions().Teachers))
    val usual: backbones: string seq -> TeacherSource
