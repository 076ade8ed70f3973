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

    /// Whether this process runs a script, of 'falcon run' or 'dotnet fsi'.
    let private isScript () =
        Environment.GetCommandLineArgs() |> Array.exists _.EndsWith(".fsx", StringComparison.OrdinalIgnoreCase)

    /// What a study has that only some process of several computes.
    let private nothing (runtime: Runtime) (study: IStudy) =
        { Study = study.Sweep
          Folder = Runtime.folder study.Sweep.Name runtime
          Store = Runtime.store runtime
          Outcomes = []
          Computed = Map.empty
          Reports = [] }

    /// Hands a study to the tasks of a cluster. The machine that submits need not have their devices.
    let private submit slurm dryRun writesReport (runtime: Runtime) (study: IStudy) =
        let devices = Submitting.devices slurm runtime

        OpenStudy.during ignore CancellationToken.None { runtime with Devices = [ "cpu" ] } study (fun opened ->
            let submitted = Submitting.submit slurm dryRun writesReport devices opened
            submitted, Submission.folder opened.Store.Folder opened.Sweep.Name)

    let private tellAll (tell: StudyEvent -> unit) (opened: OpenStudy) =
        tell (StudyStarted({ opened.Sweep with Cells = [ for graph in opened.Graphs.Head -> graph.Cell ] }, opened.Folder))

        if opened.Sweep.Cells |> List.exists (fun cell -> cell.Teacher = TeacherSource.Random) then
            tell (StudyWarning(randomTeacher opened.Sweep))

        for warning in Findings.grouped opened.Materials.Warnings do
            tell (StudyWarning(string warning))

    let private execute (progress: IProgress<StudyEvent>) cancellation (runtime: Runtime) (study: IStudy) =
        let gate = obj ()
        let tell event = lock gate (fun () -> progress.Report event)
        let name = study.Sweep.Name

        let during tell action =
            OpenStudy.during tell cancellation runtime study (fun opened ->
                tellAll tell opened
                action opened)

        match ScriptPurpose.current (), runtime.Executor with
        | ScriptPurpose.Task text, _ ->
            match Submission.tryParseTask text with
            | Some(own, batch, task) when own = name ->
                let result = during tell (fun opened -> TaskShare.run opened text batch task)
                // What the script does with its results is for the whole study.
                if isScript () then exit (if result.Failed.IsEmpty then 0 else 1) else result
            | Some _ -> during ignore (TaskShare.gather false)
            | None ->
                raise (
                    InvalidInputException(
                        "is no task of a submitted study",
                        $"--task {text}",
                        "Tasks are started by SLURM: see 'falcon submit --help'."
                    )
                )
        | ScriptPurpose.Last own, _ when own = name -> during tell (TaskShare.gather true)
        | ScriptPurpose.Last _, _ -> during ignore (TaskShare.gather false)
        | _, Executor.Here -> during tell StudyWorkers.run
        | _, Executor.Slurm slurm ->
            let submitted, folder = submit slurm false false runtime study

            for line in Submitting.describe submitted folder do
                tell (StudyNote line)

            let here = { runtime with Devices = [ "cpu" ] }

            OpenStudy.during tell cancellation here study (fun opened ->
                tellAll tell opened
                Waiting.wait opened)

    let runWith progress cancellation (runtime: Runtime) (study: #IStudy) = execute progress cancellation (Runtime.asTold runtime) study

    let private printPlan runtime (study: IStudy) =
        let plan = plan runtime study
        Console.Out.WriteLine(if runtime.Json then Plan.json plan else TableStyle.Console.Render(Plan.table plan))
        nothing runtime study

    /// Hands a study over and says so, or prints how it would be.
    let private printSubmission (change: Slurm -> Slurm) dryRun (runtime: Runtime) (study: IStudy) =
        let slurm =
            match runtime.Executor with
            | Executor.Slurm slurm -> slurm
            | Executor.Here -> Slurm.defaults

        let submitted, folder = submit (change slurm) dryRun true runtime study

        if dryRun then
            for _, text in submitted.Files do
                Console.Out.WriteLine text

            if submitted.Files.IsEmpty then
                Console.Out.WriteLine $"{study.Sweep.Name}: nothing to submit"
        else
            for line in Submitting.describe submitted folder do
                Console.Out.WriteLine line

        nothing runtime study

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

        match ScriptPurpose.current () with
        | _ when HostedScript.passesOver (OpenStudy.selectsNothing runtime study.Sweep) ->
            if runtime.Verbosity <> Quiet && not runtime.Json then
                Console.Out.WriteLine $"{study.Sweep.Name}: none of its cells is selected"

            nothing runtime study
        | _ when runtime.PlanOnly -> printPlan runtime study
        | ScriptPurpose.Submit(change, dryRun) -> printSubmission change dryRun runtime study
        | purpose ->
            interruptibly (fun cancellation ->
                let result = runWith (PlainLines(Console.Out, runtime.Verbosity)) cancellation runtime study

                match purpose with
                | ScriptPurpose.Task _ -> result
                | ScriptPurpose.Last own when own <> study.Sweep.Name -> result
                | _ ->
                    HostedScript.endStudy (not result.Failed.IsEmpty)
                    summarise runtime result
                    let result = report runtime study result

                    match purpose with
                    // What the script does with its results is for whoever runs the whole of it.
                    | ScriptPurpose.Last _ when isScript () -> exit (if result.Failed.IsEmpty then 0 else 1)
                    | _ -> result)

    let tuned (runtime: Runtime) (search: Search) (study: #IStudy) : ReportedStudy =
        let reported (sweep: Sweep) = { Of = sweep; Reports = reportsOf study }
        let told = Runtime.asTold runtime
        let sweep = (study :> IStudy).Sweep

        match check runtime study with
        | [] -> ()
        | findings -> raise (InvalidInputException(Array.ofList findings))

        match ScriptPurpose.current () with
        | ScriptPurpose.Submit _ when not told.PlanOnly ->
            raise (
                InvalidInputException(
                    "its options are chosen by a search, whose rounds have to run before its cells are known",
                    $"study {sweep.Name}",
                    "Run the script with Runtime.slurm { Slurm.defaults with … } for the search and the study: each round is submitted, and waited for."
                )
            )
        | _ -> ()

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
