using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Falcon.Methods;

/// <summary>Chosen points of a set, and each other point in the cell of the choice that is nearest to it.</summary>
/// <remarks>A point can only be nearer to a new choice than to its own if those two are at most twice its distance apart (the triangle inequality): a cell is looked through
/// only where that holds for the farthest of its points. And two points are at least as far apart as their principal components: nearly all distances are known to be
/// too large without measuring them. Neither changes the result.</remarks>
/// <param name="points">(N, D) float32, row by row.</param>
/// <param name="components">(N, <see cref="PrincipalComponents.Count"/>) float32, row by row.</param>
/// <param name="pointCount">N.</param>
/// <param name="dimensions">D.</param>
/// <param name="most">How many points are chosen at most.</param>
/// <param name="rounding">What rounding may add to a distance of components.</param>
/// <param name="threads">Threads that look through cells; they do not change the result.</param>
internal sealed unsafe class CoresetCells(float* points, float* components, int pointCount, int dimensions, int most, float rounding, int threads)
{
    private const int None = -1;

    /// <summary>As many cells as one thread looks through while several start.</summary>
    private const int WorthThreads = 2048;

    /// <summary>The reach of a cell without points.</summary>
    private const float Nowhere = -1;

    /// <summary>Components of a point, and cells that are compared at once.</summary>
    private const int Components = PrincipalComponents.Count;

    /// <summary>What rounding may take from twice a distance, generously.</summary>
    private const float Slack = 1.0001f;

    // Of cells: choices and, component by component, those of the choices; the first points, the farthest ones and their distances; how near components of a new choice must be,
    // squared, to concern the cell.
    private readonly int[] _chosen = new int[most];
    private readonly float[][] _components = [.. Enumerable.Range(0, Components).Select(_ => new float[most + Components])];
    private readonly int[] _first = new int[most];
    private readonly int[] _farthest = new int[most];
    private readonly float[] _radius = new float[most];
    private readonly float[] _reach = [.. Enumerable.Repeat(Nowhere, most + Components)];

    // Of points: the next ones in their cells, and the distances to their choices.
    private readonly int[] _next = new int[pointCount];
    private readonly float[] _distance = new float[pointCount];

    // Of threads: the points that move to the newest cell, and how near they are to its choice.
    private readonly List<(int Point, float Distance)>[] _moved = [.. Enumerable.Range(0, threads).Select(_ => new List<(int, float)>())];

    private int _count;

    /// <summary>The choices in their order.</summary>
    public long[] Chosen => [.. _chosen.Take(_count).Select(point => (long)point)];

    /// <summary>The point farthest from its choice, of equally far ones that of the lowest index.</summary>
    public int Farthest()
    {
        var (farthest, radius) = (None, 0f);
        for (var cell = 0; cell < _count; cell++)
            if (_farthest[cell] != None && IsFarther(_farthest[cell], _radius[cell], farthest, radius))
                (farthest, radius) = (_farthest[cell], _radius[cell]);
        return farthest;
    }

    /// <summary>Chooses a point that is not chosen yet. Points that are nearer to it than to their choices move to its cell.</summary>
    public void Choose(int point)
    {
        var newest = _count++;
        _chosen[newest] = point;
        for (var i = 0; i < Components; i++)
            _components[i][newest] = ComponentsOf(point)[i];
        Empty(newest);
        if (newest == 0)
            Fill();
        var (parts, vectors) = (newest < WorthThreads ? 1 : threads, (newest + Components - 1) / Components);
        if (parts == 1)
            Divide(0, vectors, point, _moved[0]);
        else
            Parallel.For(0, parts, part => Divide(vectors * part / parts, vectors * (part + 1) / parts, point, _moved[part]));
        foreach (var moved in _moved)
        {
            foreach (var (other, distance) in moved)
                Put(other, newest, distance);
            moved.Clear();
        }
        Close(newest);
    }

    private void Divide(int fromVector, int toVector, int choice, List<(int, float)> moved)
    {
        for (var cells = fromVector * Components; cells < toVector * Components; cells += Components)
            for (var near = Near(cells, choice); near != 0; near &= near - 1)
                Divide(cells + BitOperations.TrailingZeroCount(near), choice, moved);
    }

    private void Fill()
    {
        for (var point = 0; point < pointCount; point++)
            if (point != _chosen[0])
                Put(point, 0, TensorPrimitives.Distance(Row(point), Row(_chosen[0])));
    }

    /// <summary>Which of several cells a new choice may concern, by its components: a bit for each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Near(int cells, int choice)
    {
        var squared = PrincipalComponents.SquaredDistances(ComponentsOf(choice), _components, cells);
        return Vector512.LessThanOrEqual(squared, Vector512.LoadUnsafe(ref _reach[cells])).ExtractMostSignificantBits();
    }

    /// <summary>Takes the points that are nearer to a new choice out of a cell, if the choices are near enough.</summary>
    private void Divide(int cell, int choice, List<(int, float)> moved)
    {
        var apart = TensorPrimitives.Distance(Row(_chosen[cell]), Row(choice));
        if (!MayMove(_radius[cell], apart))
            return;
        var next = _first[cell];
        Empty(cell);
        while (next != None)
        {
            var point = next;
            next = _next[point];
            if (point == choice)
                continue;
            var distance = MayMove(_distance[point], apart) && MayBeWithin(_distance[point], point, choice)
                ? TensorPrimitives.Distance(Row(point), Row(choice))
                : float.PositiveInfinity;
            if (distance < _distance[point])
                moved.Add((point, distance));
            else
                Put(point, cell, _distance[point]);
        }
        Close(cell);
    }

    private void Empty(int cell) => (_first[cell], _farthest[cell], _radius[cell]) = (None, None, 0);

    private void Put(int point, int cell, float distance)
    {
        _distance[point] = distance;
        (_next[point], _first[cell]) = (_first[cell], point);
        if (_farthest[cell] == None || IsFarther(point, distance, _farthest[cell], _radius[cell]))
            (_farthest[cell], _radius[cell]) = (point, distance);
    }

    private void Close(int cell) => _reach[cell] = _farthest[cell] == None ? Nowhere : Square(2 * Slack * _radius[cell] + rounding);

    private bool MayBeWithin(float distance, int point, int choice)
    {
        var apart = Vector512.Load(ComponentsOf(point)) - Vector512.Load(ComponentsOf(choice));
        return Vector512.Sum(apart * apart) <= Square(Slack * distance + rounding);
    }

    private static bool MayMove(float distance, float apart) => apart <= 2 * Slack * distance;

    private static bool IsFarther(int point, float distance, int other, float othersDistance) =>
        distance > othersDistance || distance == othersDistance && (other == None || point < other);

    private static float Square(float value) => value * value;

    private ReadOnlySpan<float> Row(int point) => new(points + (long)point * dimensions, dimensions);

    private float* ComponentsOf(int point) => components + (long)point * Components;
}
