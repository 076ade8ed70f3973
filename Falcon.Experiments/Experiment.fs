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
      Teacher: TeacherSource
      Features: FeatureFormat
      ImageScore: ImageScoreReducer
      EvaluationSize: EvaluationSize
      Metrics: Metric list }

    interface IStudy with
        member this.Sweep =
            { Name = this.Name
              Metrics = this.Metrics
              Cells =
                [ for data in this.Data do
                      for category in data.Categories do
                          for method in this.Methods do
                              for shots in this.Shots do
                                  for seed in this.Seeds ->
                                      { Data = data
                                        Category = category
                                        Method = Teachers.fit this.Teacher method
                                        Shots = shots
                                        Sampler = this.Sampler.For(ShotCount.Of shots)
                                        Seed = seed
                                        Teacher = this.Teacher
                                        Features = this.Features
                                        ImageScore = this.ImageScore
                                        EvaluationSize = this.EvaluationSize
                                        Notes = [] } ] }

module Experiment =
    let defaults =
        { Name = "study"
          Data = []
          Shots = [ 5 ]
          Sampler = ShotSampler.Default
          Seeds = [ 0; 1; 2 ]
          Methods = [ FalconOptions() ]
          Teacher = Teachers.shipped
          Features = FeatureFormat.exact
          ImageScore = ImageScoreReducer.Maximum()
          EvaluationSize = EvaluationSize.Original
          Metrics = [ ImageAuroc ] }

    let cells (experiment: Experiment) = (experiment :> IStudy).Sweep.Cells
