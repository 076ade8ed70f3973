namespace Falcon.Experiments

open System
open System.Threading
open Falcon
open Falcon.Experiments.Store
open Falcon.Weights
open Falcon.Reports

module Study =
    let withReport folder sections (study: #IStudy) =
        match study :> IStudy with
        | :? ReportedStudy as reported -> { reported with Reports = reported.Reports @ [ folder, sections ] }
        | study -> { Of = study; Reports = [ folder, sections ] }

    /// The reports that a study has been given.
    let private reportsOf (study: IStudy) =
        match study with
        | :? ReportedStudy as reported -> reported.Reports
        | _ -> []

    /// Writes the reports that the study was given, and says where they are.
    let private report (runtime: Runtime) (study: IStudy) (result: StudyResult) =
        let result =
            (result, reportsOf study)
            ||> List.fold (fun result (folder, sections) -> result |> Report.write folder sections)

        for page in result.Reports do
            HostedScript.tell runtime.Verbosity page

        result

    let check runtime (study: #IStudy) =
        let runtime = Runtime.asTold runtime
        use store = Store.openAt (Runtime.store runtime)

        match Preparation.prepare runtime store study with
        | Ok _ -> []
        | Error findings -> findings

    let plan runtime (study: #IStudy) = OpenStudy.during ignore CancellationToken.None (Runtime.asTold runtime) study OpenStudy.plan

    /// Names the weights that the methods' own teachers are published under.
    let private randomTeacher (sweep: Sweep) =
        let wanted =
            [ for cell in sweep.Cells do
                  if cell.Teacher = TeacherSource.Random then cell.Method.Backbone ]
            |> List.distinct
            |> List.filter (fun name -> WeightsCatalog.All |> Seq.exists (fun known -> known.Name = name))

        let fix =
            if wanted.IsEmpty then
                "'falcon weights list' has the names of some."
            else
                "Fetch some with " + String.concat ", " [ for name in wanted -> $"'falcon weights fetch {name}'" ] + "."

        $"the teacher's weights are random: scores will be poor. {fix}"

    let private execute (progress: IProgress<StudyEvent>) cancellation (runtime: Runtime) (study: IStudy) =
        let gate = obj ()
        let tell event = lock gate (fun () -> progress.Report event)

        OpenStudy.during tell cancellation runtime study (fun opened ->
            tell (StudyStarted({ opened.Sweep with Cells = [ for graph in opened.Graphs.Head -> graph.Cell ] }, opened.Folder))

            if opened.Sweep.Cells |> List.exists (fun cell -> cell.Teacher = TeacherSource.Random) then
                tell (StudyWarning(randomTeacher opened.Sweep))

            for warning in Findings.grouped opened.Materials.Warnings do
                tell (StudyWarning(string warning))

            StudyWorkers.run opened)

    let runWith progress cancellation (runtime: Runtime) (study: #IStudy) = execute progress cancellation (Runtime.asTold runtime) study

    let private printPlan runtime (study: IStudy) =
        let plan = plan runtime study
        Console.Out.WriteLine(if runtime.Json then Plan.json plan else TableStyle.Console.Render(Plan.table plan))

        { Study = study.Sweep
          Folder = Runtime.folder study.Sweep.Name runtime
          Store = Runtime.store runtime
          Outcomes = []
          Computed = Map.empty
          Reports = [] }

    /// Prints the table of all metrics; a study whose cells do not go into one table says so when its report is written.
    let private summarise (runtime: Runtime) (result: StudyResult) =
        if runtime.Verbosity <> Quiet && not result.Results.IsEmpty then
            try
                let table = TableSummary.Of(CellSet(Array.ofList result.Results, result.FailedCells))
                Console.Out.WriteLine()
                Console.Out.WriteLine(TableStyle.Console.Render table)
            with :? InvalidInputException as error ->
                for finding in error.Findings do
                    Console.Out.WriteLine $"warning: {finding}"

    /// Whether this process runs a script, of 'falcon run' or 'dotnet fsi'.
    let private isScript () =
        Environment.GetCommandLineArgs() |> Array.exists _.EndsWith(".fsx", StringComparison.OrdinalIgnoreCase)

    /// Does something that signals stop after a checkpoint; in a script they end the process.
    let private interruptibly (action: CancellationToken -> 'Result) =
        use interruption = new Interruption()

        use _ =
            interruption.Token.Register(fun () ->
                eprintfn "Stopping: trainings under way leave a checkpoint first. Once more stops at once.")

        try
            action interruption.Token
        with :? OperationCanceledException when interruption.Token.IsCancellationRequested && isScript () ->
            // Whoever sent the signal waits for the process to end.
            eprintfn "Cancelled. Finished cells are kept; the same command continues."
            exit Interruption.ExitCode

    let run (runtime: Runtime) (study: #IStudy) =
        HostedScript.beginStudy ()
        let runtime = Runtime.asTold runtime

        if runtime.PlanOnly then
            printPlan runtime study
        else
            interruptibly (fun cancellation ->
                let result = runWith (PlainLines(Console.Out, runtime.Verbosity)) cancellation runtime study
                HostedScript.endStudy (not result.Failed.IsEmpty)
                summarise runtime result
                report runtime study result)

    let tuned (runtime: Runtime) (search: Search) (study: #IStudy) : ReportedStudy =
        let reported (sweep: Sweep) = { Of = sweep; Reports = reportsOf study }
        let told = Runtime.asTold runtime
        let sweep = (study :> IStudy).Sweep

        match check runtime study with
        | [] -> ()
        | findings -> raise (InvalidInputException(Array.ofList findings))

        if told.PlanOnly then
            Console.Out.WriteLine
                $"{sweep.Name}: its options are chosen by a {Search.describe search}, which has to run before they are known"

            reported sweep
        else
            // Options that select cells of the study select none of its trials.
            let told = { told with Only = []; Out = None }
            use store = Store.openAt (Runtime.store told)
            let shares = ValidationData.shares told store search.Folds sweep.Cells

            let show (table: ReportTable) =
                if told.Verbosity <> Quiet then
                    Console.Out.WriteLine()
                    Console.Out.WriteLine(TableStyle.Console.Render table)

            interruptibly (fun cancellation ->
                SearchRounds.run (execute (PlainLines(Console.Out, told.Verbosity)) cancellation told) show search shares sweep)
            |> reported
