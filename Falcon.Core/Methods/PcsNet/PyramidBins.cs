namespace Falcon.Methods;

/// <summary>Rows and columns of the levels of PCSNet's pyramid, each of which sees the one before.</summary>
public readonly record struct PyramidBins(int First, int Second, int Third, int Fourth)
{
    /// <summary>Whether every level has a size.</summary>
    internal bool ArePossible => Math.Min(Math.Min(First, Second), Math.Min(Third, Fourth)) >= 1;
}
