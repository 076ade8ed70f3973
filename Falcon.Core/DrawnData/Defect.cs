using Falcon.Randomness;

namespace Falcon.DrawnData;

/// <summary>A kind of damage. It changes the surface before light falls on it; the mask follows from what changes in the picture.</summary>
/// <param name="Name">Name of the kind and of its folder, in snake case.</param>
internal abstract record Defect(string Name)
{
    /// <summary>Damages the surface at a random place with random size and strength.</summary>
    public abstract void Apply(Surface surface, RandomStream random);
}
