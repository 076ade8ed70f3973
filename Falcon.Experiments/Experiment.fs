namespace Falcon.Experiments

open Falcon.Data
open Falcon.Methods
open Falcon.Metrics
open Falcon.Protocol
open Falcon.Results

type Experiment =
    { Name: string
      Data: DataSet list
      Shots: int list
      Sampler: ShotSampler
      Seeds: int list
      Methods: MethodOptions list
      Auxiliary: DataSet option
      Teacher: TeacherSource
      Features: FeatureFormat
      FeatureStages: FeatureStage list
      ImageScore: ImageScoreReducer option
      ScoreStages: ScoreStage list
      EvaluationSize: EvaluationSize
      Metrics: Metric list }

    interface IStudy with
        member this.Sweep =
            let methods = StudyAssignments.methods this.Methods
            let shots = StudyAssignments.shots this.Shots
            let seeds = StudyAssignments.seeds this.Seeds

            { Name = this.Name
              Metrics = this.Metrics
              Cells =
                [ for data in this.Data do
                      for category in data.Categories do
                          for method in methods do
                              for shots in shots do
                                  for seed in seeds ->
                                      { Data = data
                                        Category = category
                                        Method = method
                                        Auxiliary = if method.NeedsAuxiliary then this.Auxiliary else None
                                        Shots = shots
                                        Sampler = this.Sampler.For(Shots.count shots)
                                        Seed = seed
                                        Teacher = this.Teacher
                                        Features = this.Features
                                        FeatureStages = this.FeatureStages
                                        ImageScore = this.ImageScore |> Option.defaultValue method.ImageScore
                                        ScoreStages = this.ScoreStages
                                        EvaluationSize = this.EvaluationSize
                                        Notes = []
                                        Swept = Swept.Nothing
                                        Choice = None } ] }

module Experiment =
    let defaults =
        { Name = "study"
          Data = []
          Shots = [ 5 ]
          Sampler = ShotSampler.Default
          Seeds = [ 0; 1; 2 ]
          Methods = [ FalconOptions() ]
          Auxiliary = None
          Teacher = Teacher.shipped
          Features = FeatureFormat.exact
          FeatureStages = []
          ImageScore = None
          ScoreStages = []
          EvaluationSize = EvaluationSize.Original
          Metrics = [ ImageAuroc ] }

    let cells (experiment: Experiment) = (experiment :> IStudy).Sweep.Cells
