using Falcon.Engine;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Distances between the directions u = a / ‖a‖ and v = b / ‖b‖ of feature vectors. The gradient for a is that for u less its part along u, over ‖a‖: it is computed at
/// once with the distance. Image by image and channels-last, a processor's cache keeps what one operation leaves to the next.</summary>
internal static class DirectionDistance
{
    /// <param name="a">(N, C, h, w).</param>
    /// <param name="b">(N, C, h, w).</param>
    /// <param name="shortest">Shorter vectors count as this long.</param>
    /// <param name="distance">Of directions (1, C, h, w), (1, h, w).</param>
    /// <param name="slope">Its gradient for the first direction, which is that for the second with the two exchanged.</param>
    /// <returns>(N, h, w).</returns>
    public static Tensor Of(Tensor a, Tensor b, double shortest, Func<Tensor, Tensor, Tensor> distance, Func<Tensor, Tensor, Tensor> slope)
    {
        using var scope = NewDisposeScope();
        var distances = empty([a.shape[0], a.shape[2], a.shape[3]], a.dtype, a.device);
        var (slopesOfA, slopesOfB) = (Slopes(a), Slopes(b));
        using (no_grad())
            for (var i = 0L; i < a.shape[0]; i++)
            {
                using var image = NewDisposeScope();
                var (u, lengthOfA) = Direction(a.narrow(0, i, 1));
                var (v, lengthOfB) = Direction(b.narrow(0, i, 1));
                distances.narrow(0, i, 1).copy_(distance(u, v));
                slopesOfA?.narrow(0, i, 1).copy_(Across(slope(u, v), u).div_(lengthOfA));
                slopesOfB?.narrow(0, i, 1).copy_(Across(slope(v, u), v).div_(lengthOfB));
            }
        return Sloping(Sloping(distances, a, slopesOfA), b, slopesOfB).MoveToOuterDisposeScope();

        (Tensor Direction, Tensor Length) Direction(Tensor vectors)
        {
            var laid = vectors.ChannelsLast();
            var length = laid.norm(1, keepdim: true).clamp_min_(shortest);
            return (laid / length, length);
        }
    }

    private static Tensor? Slopes(Tensor vectors) => is_grad_enabled() && vectors.requires_grad ? empty_like(vectors.detach()) : null;

    private static Tensor Across(Tensor slope, Tensor direction) => slope - direction * (slope * direction).sum([1], keepdim: true);

    /// <summary>The same distances with a known gradient.</summary>
    private static Tensor Sloping(Tensor distances, Tensor vectors, Tensor? slopes)
    {
        if (slopes is null)
            return distances;
        var along = (vectors * slopes).sum([1]);
        return distances + (along - along.detach());
    }
}
