/// The verbs, in the order in which --help lists them.
module Falcon.Cli.Verbs

let all = List.concat [ WeightsVerbs.all ]
