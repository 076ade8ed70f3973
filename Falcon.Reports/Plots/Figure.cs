namespace Falcon.Reports;

/// <summary>A figure as gnuplot draws it: what it shows, the script and the data. Equal figures have equal bytes.</summary>
/// <param name="Name">The name of its files, without extension.</param>
/// <param name="Caption">What it shows, in sentences.</param>
/// <param name="Script">The gnuplot script: draws from <c>NAME.dat</c> into <c>NAME.pdf</c>, <c>.svg</c> and <c>.png</c>.</param>
/// <param name="Data">The content of <c>NAME.dat</c>.</param>
public sealed record Figure(string Name, string Caption, string Script, string Data);
