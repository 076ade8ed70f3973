namespace Falcon.Cli

open System
open System.IO
open System.Reflection
open System.Runtime.Loader

/// A script as an assembly.
type CompiledScript =
    {
        /// The assembly's content.
        Image: byte array
        /// The assemblies that the script itself refers to, beside Falcon's.
        References: string list
    }

module CompiledScript =
    /// What this process has is shared with the script: Falcon, the tensor library, the F# library. The rest comes from where the script says.
    let private context (script: CompiledScript) =
        let context = AssemblyLoadContext "script"

        context.add_Resolving (fun context name ->
            script.References
            |> List.tryFind (fun path -> Path.GetFileNameWithoutExtension path = name.Name)
            |> Option.map context.LoadFromAssemblyPath
            |> Option.toObj)

        context

    let rec private cause (error: exn) =
        match error with
        | :? TypeInitializationException as initialization when not (isNull initialization.InnerException) ->
            cause (nonNull initialization.InnerException)
        | _ -> error

    /// Runs a script in this process; raises what the script raises. The code with which it ends is 0 unless it has an entry point that says otherwise.
    let run (script: CompiledScript) (arguments: string list) : int =
        let assembly = (context script).LoadFromStream(new MemoryStream(script.Image))
        let entry = nonNull assembly.EntryPoint
        let given: obj array = if entry.GetParameters().Length = 0 then [||] else [| Array.ofList arguments |]

        try
            match entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, given, null) with
            | :? int as code -> code
            | _ -> 0
        with :? TypeInitializationException as error ->
            raise (cause error)
