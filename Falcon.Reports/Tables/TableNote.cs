namespace Falcon.Reports;

/// <summary>A line under a table.</summary>
/// <param name="Mark">The mark that entries or headings refer to it by; empty for a note on the whole table.</param>
/// <param name="Text">The note, a sentence with its full stop.</param>
public sealed record TableNote(string Mark, string Text);
