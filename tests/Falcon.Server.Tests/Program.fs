module Falcon.Server.Tests.Program

[<EntryPoint>]
let main arguments =
    let code = Falcon.Tests.Runner.run arguments
    Browser.close ()
    Servers.close ()
    code
