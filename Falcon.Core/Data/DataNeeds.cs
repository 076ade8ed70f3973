namespace Falcon.Data;

/// <summary>What a run wants from a category.</summary>
/// <param name="Shots">The largest number of training images wanted.</param>
/// <param name="Test">Whether images are tested: then both normal and anomalous ones must be there.</param>
/// <param name="Masks">Whether every anomalous image must have a mask; null if one has, the others must too.</param>
public sealed record DataNeeds(int Shots = 0, bool Test = false, bool? Masks = null);
