namespace Falcon.Metrics;

/// <summary>Finite floats as whole numbers of the same order, with both zeros equal.</summary>
internal static class FloatOrder
{
    private const uint Sign = 0x80000000;

    /// <summary>The rank key of a score; a larger score has a larger key, equal scores equal keys.</summary>
    public static uint Key(float score)
    {
        var bits = BitConverter.SingleToUInt32Bits(score + 0f);
        return bits >= Sign ? ~bits : bits | Sign;
    }

    /// <summary>The score of a key.</summary>
    public static float Score(uint key) => BitConverter.UInt32BitsToSingle(key >= Sign ? key ^ Sign : ~key);
}
