namespace Falcon.Methods;

/// <summary>How the distances of several layers become one map.</summary>
public enum MapCombination
{
    /// <summary>Brought to the size of the first layer and multiplied.</summary>
    Product,

    /// <summary>Halved, divided by the number of positions, enlarged to the input and added: the deeper, the heavier.</summary>
    WeightedSum,
}
