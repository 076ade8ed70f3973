/// Small text files that end with the SHA-256 of what stands before, so that every changed, missing or additional byte is noticed.
module internal Falcon.Experiments.Store.SealedText

/// The file's content.
val seal: text: string -> byte array

/// The text of a file; none when there is no such file, an error when it is not as it was sealed.
val tryRead: path: string -> Result<string, string> option
