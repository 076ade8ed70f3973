/// The verbs, in the order in which --help lists them.
module Falcon.Cli.Verbs

open Falcon.Cli.VerbDefinitions

let all = []
