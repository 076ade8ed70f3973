using Falcon.Backbones;
using Falcon.Engine;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>A batch of unchanged images as a trained network reads it.</summary>
/// <param name="Pixels">(N, 3, H, W) float32, normalised as the method's preprocessing says; null when the network does not read pixels.</param>
/// <param name="Features">The teacher's features of these images.</param>
/// <param name="Inside">(N, H, W) bool: which pixels of the inputs are looked at (<see cref="Protocol.RegionOfInterest"/>); null for all. Maps are cut by whoever asked for
/// them: it matters to memories and to scores of a network's own.</param>
public sealed record NetworkInput(Tensor? Pixels, TeacherFeatures Features, Tensor? Inside = null)
{
    /// <summary>The same on a device, as <see cref="Placement.PlacedOn"/>.</summary>
    public NetworkInput PlacedOn(Device device) => new(Pixels?.PlacedOn(device), Features.PlacedOn(device), Inside?.PlacedOn(device));
}
