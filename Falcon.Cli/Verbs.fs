/// The verbs, in the order in which --help lists them.
module Falcon.Cli.Verbs

let all = [ RunVerb.verb; yield! WeightsVerbs.all ]
