namespace Falcon.Experiments

open Falcon.Data
open Falcon.Methods
open Falcon.Metrics
open Falcon.Protocol
open Falcon.Results

[<Sealed>]
type ExperimentBuilder(name: string) =
    member _.Yield(_: 'nothing) = { Experiment.defaults with Name = name }

    [<CustomOperation "data">]
    member _.Data(experiment: Experiment, data: DataSet) = { experiment with Data = [ data ] }

    [<CustomOperation "dataSets">]
    member _.DataSets(experiment: Experiment, dataSets: DataSet list) = { experiment with Data = dataSets }

    [<CustomOperation "shots">]
    member _.Shots(experiment: Experiment, shots: int list) = { experiment with Shots = shots }

    [<CustomOperation "sampler">]
    member _.Sampler(experiment: Experiment, sampler: ShotSampler) = { experiment with Sampler = sampler }

    [<CustomOperation "seeds">]
    member _.Seeds(experiment: Experiment, seeds: int list) = { experiment with Seeds = seeds }

    [<CustomOperation "methods">]
    member _.Methods(experiment: Experiment, methods: MethodOptions list) = { experiment with Methods = methods }

    [<CustomOperation "auxiliary">]
    member _.Auxiliary(experiment: Experiment, data: DataSet) = { experiment with Auxiliary = Some data }

    [<CustomOperation "teacher">]
    member _.Teacher(experiment: Experiment, teacher: TeacherSource) = { experiment with Teacher = teacher }

    [<CustomOperation "features">]
    member _.Features(experiment: Experiment, format: FeatureFormat) = { experiment with Features = format }

    [<CustomOperation "featureStages">]
    member _.FeatureStages(experiment: Experiment, stages: FeatureStage list) = { experiment with FeatureStages = stages }

    [<CustomOperation "scoreStages">]
    member _.ScoreStages(experiment: Experiment, stages: ScoreStage list) = { experiment with ScoreStages = stages }

    [<CustomOperation "imageScore">]
    member _.ImageScore(experiment: Experiment, reducer: ImageScoreReducer) = { experiment with ImageScore = Some reducer }

    [<CustomOperation "evaluationSize">]
    member _.EvaluationSize(experiment: Experiment, size: EvaluationSize) = { experiment with EvaluationSize = size }

    [<CustomOperation "metrics">]
    member _.Metrics(experiment: Experiment, metrics: Metric list) = { experiment with Metrics = metrics }

[<AutoOpen>]
module ExperimentBuilder =
    let experiment name = ExperimentBuilder name
