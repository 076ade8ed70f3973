/// On which file system a folder is, and whether other machines may see it.
module internal Falcon.Experiments.SharedFolder

open System
open System.IO
open System.Text.RegularExpressions

/// Kinds of file systems that no other machine sees.
let private ofOneMachine = [ "tmpfs"; "ramfs"; "overlay"; "devtmpfs"; "squashfs"; "aufs" ]

/// Folders that every machine has for itself.
let private ownFolders = [ "/tmp"; "/var/tmp"; "/dev/shm"; "/run" ]

/// Mount tables write blanks and the like as octal numbers.
let private plain (text: string) =
    Regex.Replace(text, @"\\([0-7]{3})", (fun (found: Match) -> string (char (Convert.ToInt32(found.Groups[1].Value, 8)))))

let private isWithin (folder: string) (path: string) =
    folder = "/" || path = folder || path.StartsWith(folder + "/", StringComparison.Ordinal)

/// A path without symbolic links, as far as it exists.
let rec private real (path: string) : string =
    match Path.GetDirectoryName path with
    | null -> path
    | above ->
        let here = Path.Combine(real above, nonNull (Path.GetFileName path))

        match
            (try
                DirectoryInfo(here).ResolveLinkTarget true
             with :? IOException ->
                 null)
        with
        | null -> here
        | target -> target.FullName

/// The kind of the file system that a path is on: `nfs4`, `ext4`, …; none where the system does not tell.
let kind (path: string) =
    try
        let path = real (Path.GetFullPath path)

        [ for line in File.ReadAllLines "/proc/self/mounts" do
              match line.Split ' ' with
              | parts when parts.Length > 2 -> plain parts[1], parts[2]
              | _ -> () ]
        |> List.filter (fun (folder, _) -> isWithin folder path)
        |> List.indexed
        // Of two mounts at one place the later one is seen.
        |> List.sortBy (fun (index, (folder, _)) -> folder.Length, index)
        |> List.tryLast
        |> Option.map (fun (_, (_, kind)) -> kind)
    with
    | :? IOException
    | :? UnauthorizedAccessException -> None

/// Why other machines cannot see a path; none where they may.
let whyNot (path: string) =
    let here = real (Path.GetFullPath path)

    match ownFolders |> List.tryFind (fun folder -> isWithin folder here), kind path with
    | _, Some kind when List.contains kind ofOneMachine -> Some $"is on a file system of this machine alone ({kind})"
    // Some clusters mount a network file system there.
    | Some folder, Some("ext2" | "ext3" | "ext4" | "xfs" | "btrfs" | "zfs" as kind) ->
        Some $"is in {folder} of this machine ({kind}), which every machine has for itself"
    | _ -> None
