/// The verbs, in the order in which --help lists them.
module Falcon.Cli.Verbs

let all =
    [ DemoVerb.verb
      RunVerb.verb
      TrainVerb.verb
      PredictVerb.verb
      EvalVerb.verb
      PretrainVerb.verb
      ParityVerb.verb
      yield! BenchVerbs.all
      yield! WeightsVerbs.all
      yield! DataVerbs.all
      DoctorVerb.verb ]
