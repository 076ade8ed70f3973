/// What the command tells its caller.
module Falcon.Cli.ExitCode

[<Literal>]
let Fine = 0

/// Some cells failed, or some tensors exceed their tolerance.
[<Literal>]
let SomeFailed = 1

/// Wrong usage, or input that the user can mend.
[<Literal>]
let InvalidInput = 2

/// A fault of Falcon's own.
[<Literal>]
let OwnFault = 3
