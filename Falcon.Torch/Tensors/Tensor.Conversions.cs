namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static implicit operator Tensor(Scalar scalar) => full([], scalar);

        public static implicit operator Tensor(byte value) => (Scalar)value;

        public static implicit operator Tensor(sbyte value) => (Scalar)value;

        public static implicit operator Tensor(short value) => (Scalar)value;

        public static implicit operator Tensor(int value) => (Scalar)value;

        public static implicit operator Tensor(long value) => (Scalar)value;

        public static implicit operator Tensor(float value) => (Scalar)value;

        public static implicit operator Tensor(double value) => (Scalar)value;

        public static implicit operator Tensor(bool value) => (Scalar)value;

        public static implicit operator Tensor(byte[] value) => tensor(value);

        public static implicit operator Tensor(int[] value) => tensor(value);

        public static implicit operator Tensor(long[] value) => tensor(value);

        public static implicit operator Tensor(float[] value) => tensor(value);

        public static implicit operator Tensor(double[] value) => tensor(value);

        public static implicit operator Tensor(bool[] value) => tensor(value);

        public static explicit operator byte(Tensor value) => value.ToByte();

        public static explicit operator int(Tensor value) => value.ToInt32();

        public static explicit operator long(Tensor value) => value.ToInt64();

        public static explicit operator float(Tensor value) => value.ToSingle();

        public static explicit operator double(Tensor value) => value.ToDouble();

        public static explicit operator bool(Tensor value) => value.ToBoolean();
    }
}
