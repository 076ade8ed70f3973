namespace Falcon.Experiments

open Falcon.Data
open Falcon.Methods
open Falcon.Metrics

type Experiment =
    { Name: string
      Data: DataSet list
      Shots: int list
      Sampler: ShotSampler
      Seeds: int list
      Methods: MethodOptions list
      Teacher: TeacherSource
      Metrics: Metric list }

module Experiment =
    let defaults =
        { Name = "study"
          Data = []
          Shots = [ 5 ]
          Sampler = ShotSampler.Default
          Seeds = [ 0; 1; 2 ]
          Methods = [ FalconOptions() ]
          Teacher = TeacherSource.Fetched "resnet18"
          Metrics = [ ImageAuroc ] }

    let cells experiment =
        [ for data in experiment.Data do
              for category in data.Categories do
                  for method in experiment.Methods do
                      for shots in experiment.Shots do
                          for seed in experiment.Seeds ->
                              { Data = data
                                Category = category
                                Method = method
                                Shots = shots
                                Sampler = experiment.Sampler
                                Seed = seed
                                Teacher = experiment.Teacher } ]
