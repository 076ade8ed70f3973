namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Reads a tensor that <see cref="TensorExtensionMethods.Save(Tensor, BinaryWriter)"/> wrote.</summary>
        public static Tensor Load(BinaryReader reader)
        {
            var type = (ScalarType)reader.Read7BitEncodedInt();
            var shape = new long[reader.Read7BitEncodedInt()];
            for (var i = 0; i < shape.Length; i++)
                shape[i] = reader.Read7BitEncodedInt64();
            var tensor = empty(shape, type);
            reader.BaseStream.ReadExactly(tensor.bytes);
            return tensor;
        }
    }
}
