namespace Falcon.Methods;

/// <summary>Which distances of a pasted image PCSNet pushes beyond the radius of good positions.</summary>
public enum AnomalyNeighbours
{
    /// <summary>Of each position that a patch has changed, those to the three nearest prototypes.</summary>
    Prototypes,

    /// <summary>The three smallest of each row of positions after multiplication by the mask, for every prototype: mostly zeros (the public code).</summary>
    Columns,
}

/// <summary>How the teacher's batch norms compute when PCSNet's prototypes are made.</summary>
public enum PrototypeStatistics
{
    /// <summary>With the statistics of the teacher's training, as ever.</summary>
    Running,

    /// <summary>With those of each batch, as the public code by mistake. The teacher itself stays as it is.</summary>
    Batch,
}
