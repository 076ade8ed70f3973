using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Falcon.Randomness;

/// <summary>The one seed of an experiment. Every purpose draws from its own stream, so that no draw depends on what else runs or in which order.</summary>
/// <param name="Value">Any 64-bit number.</param>
public readonly record struct MasterSeed(long Value)
{
    /// <summary>The stream of one purpose and one item.</summary>
    /// <param name="purpose">What the numbers are for, for example <c>noise</c> or <c>initial-weights</c>.</param>
    /// <param name="item">Which of several (an image name, a module name); empty when there is only one.</param>
    public RandomStream Stream(string purpose, string item = "") => new(StreamSeed(purpose, item));

    /// <summary>The 64-bit seed of a stream, for generators that are not Falcon's (a torch generator, say). SHA-256 of seed, purpose and item.</summary>
    public ulong StreamSeed(string purpose, string item = "")
    {
        var text = Encoding.UTF8.GetBytes($"{Value}\0{purpose}\0{item}");
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(text));
    }
}
