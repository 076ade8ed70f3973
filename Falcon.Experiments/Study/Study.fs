namespace Falcon.Experiments

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Threading
open Falcon
open Falcon.Backbones
open Falcon.Diagnostics
open Falcon.Results
open Falcon.Training

type StudyResult =
    { Experiment: Experiment
      Folder: string
      Outcomes: (Cell * CellOutcome) list
      Reports: string list }

    member this.Failed =
        [ for cell, outcome in this.Outcomes do
              match outcome with
              | Failed failure -> cell, failure
              | Computed _
              | Kept _ -> () ]

    member this.Results =
        [ for _, outcome in this.Outcomes do
              match outcome with
              | Computed result
              | Kept result -> result
              | Failed _ -> () ]

module Study =
    let check runtime experiment =
        match Preparation.prepare runtime experiment with
        | Ok _ -> []
        | Error findings -> findings

    let private randomTeacher =
        "the teacher's weights are random: scores will be poor. Fetch some with 'falcon weights fetch resnet18'."

    let private runCell (work: CellRun.Work) cell =
        let started = Stopwatch.GetTimestamp()

        let outcome =
            try
                CellRun.run work cell
            with error when not (error :? OperationCanceledException && work.Cancellation.IsCancellationRequested) ->
                Failed(CellFiles.fail (CellFiles.folder work.Folder cell) error)

        work.Progress.Report(CellEnded(cell, outcome, Stopwatch.GetElapsedTime started))
        cell, outcome

    let runWith (progress: IProgress<StudyEvent>) cancellation runtime experiment =
        match Preparation.prepare runtime experiment with
        | Error findings -> raise (InvalidInputException(Array.ofList findings))
        | Ok materials ->
            let cells = Experiment.cells experiment
            let folder = Runtime.folder experiment runtime
            progress.Report(StudyStarted(experiment, cells, folder))

            if experiment.Teacher = TeacherSource.Random then
                progress.Report(StudyWarning randomTeacher)

            for warning in materials.Warnings do
                progress.Report(StudyWarning(string warning))

            ComputeThreads.Use runtime.Threads
            use teachers = new CellRun.Teachers(runtime.Device, materials.Teacher)

            let work: CellRun.Work =
                { Materials = materials
                  Metrics = experiment.Metrics
                  Folder = folder
                  Runtime = runtime
                  Teachers = teachers
                  Progress = progress
                  Cancellation = cancellation }

            let outcomes =
                [ for cell in cells do
                      cancellation.ThrowIfCancellationRequested()
                      runCell work cell ]

            { Experiment = experiment; Folder = folder; Outcomes = outcomes; Reports = [] }

    let run runtime experiment =
        use cancellation = new CancellationTokenSource()

        let stop =
            ConsoleCancelEventHandler(fun _ signal ->
                if not cancellation.IsCancellationRequested then
                    signal.Cancel <- true
                    cancellation.Cancel())

        Console.CancelKeyPress.AddHandler stop

        try
            runWith (PlainLines(Console.Out, runtime.Verbosity)) cancellation.Token runtime experiment
        finally
            Console.CancelKeyPress.RemoveHandler stop
