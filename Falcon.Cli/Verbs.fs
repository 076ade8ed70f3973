/// The verbs, in the order in which --help lists them.
module Falcon.Cli.Verbs

let all =
    [ DemoVerb.verb
      yield! RunVerb.all
      yield! SubmitVerbs.all
      ReportVerb.verb
      yield! RunsVerbs.all
      yield! CacheVerbs.all
      TrainVerb.verb
      PredictVerb.verb
      WatchVerb.verb
      EvalVerb.verb
      TeachVerb.verb
      ServeVerb.verb
      ExportVerb.verb
      MetricsVerb.verb
      yield! PretrainVerbs.all
      yield! WeightsVerbs.all
      DataSynthVerb.verb
      DataInfoVerb.verb
      DataCheckVerb.verb
      DoctorVerb.verb ]
