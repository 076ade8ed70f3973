using System.Numerics;
using SixLabors.ImageSharp.PixelFormats;

namespace Falcon.Imaging;

/// <summary>
/// A pixel of one number as a TIFF file of floating-point or 16-bit gray values holds it: neither scaled nor cut, which all of ImageSharp's own pixels are.
/// </summary>
internal struct StoredNumber : IPixel<StoredNumber>
{
    private float _value;

    public readonly PixelOperations<StoredNumber> CreatePixelOperations() => new();

    public void FromScaledVector4(Vector4 vector) => _value = vector.X;

    public void FromVector4(Vector4 vector) => _value = vector.X;

    public void FromL16(L16 source) => _value = source.PackedValue;

    public readonly Vector4 ToScaledVector4() => new(_value, _value, _value, 1);

    public readonly Vector4 ToVector4() => ToScaledVector4();

    public readonly bool Equals(StoredNumber other) => _value.Equals(other._value);

    public override readonly bool Equals(object? other) => other is StoredNumber number && Equals(number);

    public override readonly int GetHashCode() => _value.GetHashCode();

    // No colours and no fewer bits become such a number.
    public void FromArgb32(Argb32 source) => throw new NotSupportedException();

    public void FromBgra5551(Bgra5551 source) => throw new NotSupportedException();

    public void FromBgr24(Bgr24 source) => throw new NotSupportedException();

    public void FromBgra32(Bgra32 source) => throw new NotSupportedException();

    public void FromAbgr32(Abgr32 source) => throw new NotSupportedException();

    public void FromL8(L8 source) => throw new NotSupportedException();

    public void FromLa16(La16 source) => throw new NotSupportedException();

    public void FromLa32(La32 source) => throw new NotSupportedException();

    public void FromRgb24(Rgb24 source) => throw new NotSupportedException();

    public void FromRgba32(Rgba32 source) => throw new NotSupportedException();

    public void FromRgb48(Rgb48 source) => throw new NotSupportedException();

    public void FromRgba64(Rgba64 source) => throw new NotSupportedException();

    public readonly void ToRgba32(ref Rgba32 dest) => throw new NotSupportedException();
}
