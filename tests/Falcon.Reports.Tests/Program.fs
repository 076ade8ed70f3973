module Falcon.Reports.Tests.Program

[<EntryPoint>]
let main arguments = Falcon.Tests.Runner.run arguments
