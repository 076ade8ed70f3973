namespace Falcon.Methods;

/// <summary>How STPM's student learns.</summary>
public enum StpmOptimiser
{
    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,

    /// <summary>Adam.</summary>
    Adam,
}
