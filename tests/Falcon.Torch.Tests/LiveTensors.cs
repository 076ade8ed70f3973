namespace Falcon.Torch.Tests;

/// <summary>Counts tensors when no garbage of earlier tests is left, which could be freed while a test counts.</summary>
internal static class LiveTensors
{
    public static long Count()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return Tensor.TotalCount;
    }
}
