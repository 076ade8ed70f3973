namespace Falcon.Methods;

/// <summary>How the images that FDSL's head learns from are varied (specification, section 4). Features of an image that is not varied are computed once.</summary>
public enum DefectAugmentation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Three in ten become a mosaic of four images of their category: published for a head that learns from MVTec AD.</summary>
    Mosaic,

    /// <summary>Six in ten are cut to 50 or 100 pixels, around a defect where there is one: published for a head that learns from VisA.</summary>
    Crop,
}
