namespace Falcon.Weights;

/// <summary>A network without some parts that published weights of it may hold.</summary>
internal interface IPartialNetwork
{
    /// <summary>Whether a state-dict name belongs to a part that was left out.</summary>
    bool LeavesOut(string name);
}
