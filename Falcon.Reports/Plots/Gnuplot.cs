using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Falcon.Reports;

/// <summary>Draws figures with the <c>gnuplot</c> program.</summary>
public static class Gnuplot
{
    /// <summary>Whether the program can be started.</summary>
    public static bool IsInstalled
    {
        get
        {
            try
            {
                Run(Environment.CurrentDirectory, "--version");
                return true;
            }
            catch (InvalidInputException)
            {
                return false;
            }
        }
    }

    /// <summary>Writes <c>NAME.gp</c>, <c>NAME.tex</c> and <c>NAME.dat</c>, from which the figure can be drawn again by hand, and draws <c>NAME.pdf</c>,
    /// <c>.svg</c> and <c>.png</c> beside them.</summary>
    /// <exception cref="InvalidInputException">gnuplot is missing or fails, or the folder cannot be written.</exception>
    public static void Draw(Figure figure, string folder)
    {
        Write($"{figure.Name}.gp", figure.Script);
        Write($"{figure.Name}.dat", figure.Data);
        if (figure.Pgf is { } picture)
            Write($"{figure.Name}.tex", picture);
        Run(folder, $"{figure.Name}.gp");

        void Write(string name, string text) => AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static void Run(string folder, string argument)
    {
        var start = new ProcessStartInfo("gnuplot") { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new InvalidInputException("the program is not installed", "gnuplot", "Install it (Debian: apt-get install gnuplot-nox).");
        }
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEnd();
            output.Wait();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidInputException($"gnuplot failed: {errors.Trim()}", Path.Combine(folder, argument), "Run it by hand to see more.");
        }
    }
}
