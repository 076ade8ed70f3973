namespace Falcon.Data;

/// <summary>What a run wants from a category.</summary>
/// <param name="Shots">The largest number of training images wanted.</param>
/// <param name="Test">Whether images are tested: then both normal and anomalous ones must be there.</param>
/// <param name="Masks">Whether every anomalous image must have a mask; null if one has, the others must too.</param>
/// <param name="WhiteLevel">What is white in training images of 16 bits, where that is settled; null for 65535.</param>
public sealed record DataNeeds(int Shots = 0, bool Test = false, bool? Masks = null, int? WhiteLevel = null);
