using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Falcon.Weights;

namespace Falcon.Results;

/// <summary>An array of a NumPy <c>.npy</c> file (NEP 1, formats 1 to 3): float16, float32 or float64, little-endian, in C order.</summary>
/// <param name="Values">Row by row.</param>
/// <param name="Shape">The sides; empty for a scalar.</param>
public sealed partial record NpyArray(float[] Values, IReadOnlyList<int> Shape)
{
    /// <summary>Reads an array.</summary>
    /// <param name="data">The whole file.</param>
    /// <exception cref="InvalidDataException">The file is damaged or of another kind; the message says which.</exception>
    public static NpyArray Parse(ReadOnlySpan<byte> data)
    {
        if (data is not [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', >= 1 and <= 3 and var version, _, _, _, ..])
            throw new InvalidDataException("it is no .npy file");
        var (start, length) = version == 1 ? (10, BinaryPrimitives.ReadUInt16LittleEndian(data[8..])) : data.Length < 12
            ? throw new InvalidDataException("it is a truncated .npy file")
            : (12, (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(data[8..])));
        if (length > data.Length - start)
            throw new InvalidDataException("it is a truncated .npy file");
        var header = Encoding.UTF8.GetString(data.Slice(start, length));
        if (Description().Match(header) is not { Success: true } type || Order().Match(header) is not { Success: true } order
            || Sides().Match(header) is not { Success: true } sides)
            throw new InvalidDataException("it is a .npy file with an unknown header");
        if (order.Groups[1].Value == "True")
            throw new InvalidDataException("it is a .npy file in Fortran order; save numpy.ascontiguousarray of it");
        var element = type.Groups[1].Value switch
        {
            "<f2" => ElementType.Float16,
            "<f4" => ElementType.Float32,
            "<f8" => ElementType.Float64,
            var other => throw new InvalidDataException($"it is a .npy file of type {other}, not of float16, float32 or float64"),
        };
        int[] shape = [.. sides.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : -1)];
        var values = data[(start + length)..];
        if (shape.Any(side => side < 0) || shape.Aggregate(1L, (product, side) => Math.Min(int.MaxValue, product * side)) * element.Size() != values.Length)
            throw new InvalidDataException("it is a .npy file whose shape does not fit its length");
        return new NpyArray(ElementConversion.ToFloats(element, values)!, shape);
    }

    /// <summary>Writes float32 or float16 values of two sides in format 1.0, row by row. float16 keeps three digits, and what is larger becomes 65504.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="values">Row by row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="half">Whether values are written as float16.</param>
    public static void Write(Stream stream, ReadOnlySpan<float> values, int width, int height, bool half = false)
    {
        const int alignment = 64, before = 10;
        var description = $"{{'descr': '{(half ? "<f2" : "<f4")}', 'fortran_order': False, 'shape': ({height}, {width}), }}";
        // The values begin at a multiple of 64 bytes.
        var padded = description.PadRight(description.Length + (alignment - (before + description.Length + 1) % alignment) % alignment) + '\n';
        stream.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(padded));
        if (!half)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        var halves = new Half[values.Length];
        for (var i = 0; i < halves.Length; i++)
            halves[i] = (Half)Math.Clamp(values[i], -(float)Half.MaxValue, (float)Half.MaxValue);
        stream.Write(MemoryMarshal.AsBytes(halves.AsSpan()));
    }

    [GeneratedRegex("'descr': *'([^']*)'")]
    private static partial Regex Description();

    [GeneratedRegex("'fortran_order': *(True|False)")]
    private static partial Regex Order();

    [GeneratedRegex(@"'shape': *\(([0-9, ]*)\)")]
    private static partial Regex Sides();
}
