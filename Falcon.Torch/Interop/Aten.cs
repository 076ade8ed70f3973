using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// Calls libtorch's operators by their dispatcher name, overload included: <c>Aten.Call("add.Tensor", left, right)</c>. Arguments stand in the
/// order of the operator's schema; missing and null ones take the schema's defaults.
/// </summary>
internal static unsafe class Aten
{
    private const int MostResults = 8;
    private const int StackWords = 64;

    private static readonly ConcurrentDictionary<string, nint> Operators = new();

    /// <summary>Calls an operator that returns one tensor.</summary>
    internal static Tensor Call(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Invoke(name, arguments, results);
        return results[0].TakeTensor() ?? throw new ExternalException($"{name} returned no tensor");
    }

    /// <summary>Calls an operator that returns two tensors.</summary>
    internal static (Tensor, Tensor) Call2(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Invoke(name, arguments, results);
        return (results[0].TakeTensor()!, results[1].TakeTensor()!);
    }

    /// <summary>Calls an operator that returns three tensors, of which some may be undefined.</summary>
    internal static (Tensor, Tensor?, Tensor?) Call3(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Invoke(name, arguments, results);
        return (results[0].TakeTensor()!, results[1].TakeTensor(), results[2].TakeTensor());
    }

    /// <summary>Calls an operator that returns a list of tensors.</summary>
    internal static Tensor[] CallList(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Invoke(name, arguments, results);
        return results[0].TakeTensors();
    }

    /// <summary>Calls an operator that returns a truth value.</summary>
    internal static bool CallBool(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Invoke(name, arguments, results);
        return results[0].Payload != 0;
    }

    /// <summary>Calls an operator that returns a number: Int, Double or Bool.</summary>
    internal static NativeValue CallNumber(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        Invoke(name, arguments, results);
        return results[0];
    }

    /// <summary>Calls an operator whose results, if any, are its own arguments.</summary>
    internal static void Run(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[MostResults];
        var count = Invoke(name, arguments, results);
        for (var i = 0; i < count; i++)
        {
            if (results[i].Kind == ValueKind.Tensor)
                Native.falcon_tensor_free((nint)results[i].Payload);
        }
    }

    /// <summary>Calls an operator that changes its first argument, and returns that argument.</summary>
    internal static Tensor Update(string name, params ReadOnlySpan<Argument> arguments)
    {
        Run(name, arguments);
        return (Tensor)arguments[0].Reference!;
    }

    /// <summary>The error of the last failed native call on this thread.</summary>
    internal static ExternalException LastError() => new(Marshal.PtrToStringUTF8((nint)Native.falcon_last_error()));

    /// <exception cref="ExternalException"><paramref name="succeeded"/> is false: the last native call failed.</exception>
    internal static void Check(bool succeeded)
    {
        if (!succeeded)
            throw LastError();
    }

    private static int Invoke(string name, ReadOnlySpan<Argument> arguments, NativeValue* results)
    {
        if (!Operators.TryGetValue(name, out var op))
        {
            op = Native.falcon_find(name);
            if (op == 0)
                throw LastError();
            Operators[name] = op;
        }
        var words = ListWords(arguments);
        var rented = words > StackWords ? (long*)NativeMemory.Alloc((nuint)words, sizeof(long)) : null;
        try
        {
            var onStack = stackalloc long[StackWords];
            var values = stackalloc NativeValue[arguments.Length];
            Fill(arguments, values, rented is null ? onStack : rented);
            var succeeded = Native.falcon_call(op, values, arguments.Length, results, MostResults, out var count);
            foreach (ref readonly var argument in arguments)
                GC.KeepAlive(argument.Reference);
            Check(succeeded);
            return count;
        }
        finally
        {
            NativeMemory.Free(rented);
        }
    }

    /// <summary>The number of 8-byte words that the lists and strings among the arguments take.</summary>
    private static int ListWords(ReadOnlySpan<Argument> arguments)
    {
        var words = 0;
        foreach (ref readonly var argument in arguments)
        {
            words += argument.Reference switch
            {
                string text => (Encoding.UTF8.GetMaxByteCount(text.Length) + 7) / 8,
                Array list => list.Length,
                _ => 0,
            };
        }
        return words;
    }

    private static void Fill(ReadOnlySpan<Argument> arguments, NativeValue* values, long* words)
    {
        foreach (ref readonly var argument in arguments)
        {
            values->Kind = argument.Kind;
            values->Count = 0;
            values->Payload = argument.Bits;
            switch (argument.Reference)
            {
                case Tensor tensor:
                    values->Payload = tensor.Handle;
                    break;
                case Generator generator:
                    values->Payload = generator.Handle;
                    break;
                case Device device:
                    values->Payload = (long)device.type;
                    values->Count = device.index;
                    break;
                case long[] integers:
                    integers.CopyTo(new Span<long>(words, integers.Length));
                    words = Append(values, words, integers.Length, integers.Length);
                    break;
                case double[] numbers:
                    numbers.CopyTo(new Span<double>(words, numbers.Length));
                    words = Append(values, words, numbers.Length, numbers.Length);
                    break;
                case Tensor?[] tensors:
                    for (var i = 0; i < tensors.Length; i++)
                        words[i] = tensors[i]?.Handle ?? 0;
                    words = Append(values, words, tensors.Length, tensors.Length);
                    break;
                case string text:
                    var capacity = Encoding.UTF8.GetMaxByteCount(text.Length);
                    var length = Encoding.UTF8.GetBytes(text, new Span<byte>(words, capacity));
                    words = Append(values, words, length, (capacity + 7) / 8);
                    break;
            }
            values++;
        }
    }

    private static long* Append(NativeValue* value, long* words, int count, int used)
    {
        value->Payload = (long)words;
        value->Count = count;
        return words + used;
    }
}
