using System.Diagnostics;

namespace Falcon;

/// <summary>Tells whether what a process has left will never be finished.</summary>
public static class DeadProcess
{
    /// <summary>Whether no process has that number on this machine.</summary>
    public static bool Is(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
