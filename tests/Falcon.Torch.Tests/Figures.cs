using System.Text.Json;

namespace Falcon.Torch.Tests;

/// <summary>Numbers that PyTorch 1.13 gave, kept in data/*.json, and the inputs they were computed from.</summary>
internal static class Figures
{
    internal static Dictionary<string, T> Read<T>(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "data", name);
        return JsonSerializer.Deserialize<Dictionary<string, T>>(File.ReadAllText(path), JsonSerializerOptions.Web)!;
    }

    /// <summary>sin(step · i + start) for i = 0, 1, …, in the given shape, computed in double precision.</summary>
    internal static Tensor Wave(long[] shape, double step = 0.7, double start = 0)
    {
        using var angles = arange(0, new Size(shape).numel(), dtype: float64) * step + start;
        return angles.sin().to_type(float32).reshape(shape);
    }

    internal static void Equal(Recorded expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.shape);
        Equal(expected.Values, actual.to_type(float64).data<double>().ToArray(), tolerance);
    }

    internal static void Equal(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"number {i} is {actual[i]}, not {expected[i]}");
        }
    }

    internal sealed record Recorded(long[] Shape, double[] Values);
}
