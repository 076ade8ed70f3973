namespace Falcon.Imaging;

/// <summary>What images are normalised with for networks that learnt on ImageNet, as torchvision does: of R, G and B in [0, 1].</summary>
public static class ImageNetColours
{
    /// <summary>The mean of each channel.</summary>
    public static float[] Mean => [0.485f, 0.456f, 0.406f];

    /// <summary>The standard deviation of each channel.</summary>
    public static float[] Deviation => [0.229f, 0.224f, 0.225f];
}
