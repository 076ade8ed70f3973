namespace Falcon.Imaging;

/// <summary>A sound image of a kind that is not looked at.</summary>
/// <param name="reason">Why, in one sentence without a full stop.</param>
/// <param name="fix">What the user can do about it.</param>
internal sealed class ImageRefusedException(string reason, string fix) : Exception(reason)
{
    public string Fix => fix;
}
