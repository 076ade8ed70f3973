namespace Falcon.Experiments.Store

/// What the file system says about a file. A file whose stamp is unchanged has an unchanged content, provided that the stamp was taken when it had
/// settled.
[<Struct>]
type internal FileStamp =
    {
        /// Bytes.
        Size: int64
        /// Time of the last change of the content, in nanoseconds since 1970 in UTC.
        Modified: int64
        /// Time of the last change of content, name or rights; it cannot be set at will. 0 where the system does not tell.
        Changed: int64
        /// 0 where the system does not tell.
        Inode: uint64
    }

module internal FileStamp =
    /// The stamp of a file now; none when there is no such file.
    val tryRead: path: string -> FileStamp voption

    /// As `tryRead`, but a network file system has to ask its server instead of believing what it knew a moment ago.
    val tryReadFresh: path: string -> FileStamp voption

    /// Whether the last change is so long ago (two seconds: the coarsest clock of a file system) that another change must give another stamp.
    val hasSettled: stamp: FileStamp -> bool

    /// The time of the last change of the content.
    val modifiedAt: stamp: FileStamp -> System.DateTimeOffset
