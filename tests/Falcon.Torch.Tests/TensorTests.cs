using TorchSharp.Modules;

namespace Falcon.Torch.Tests;

public class TensorTests
{
    [Fact(DisplayName = "a tensor knows its shape, strides, type and place")]
    public void Properties()
    {
        using var scope = NewDisposeScope();
        var x = arange(24, dtype: float32).view(2, 3, 4).transpose(1, 2);
        Assert.Equal([2, 4, 3], x.shape);
        Assert.Equal([12, 1, 4], x.stride());
        Assert.Equal((3, 24, 3, 4), (x.ndim, x.numel(), x.size(-1), x.element_size()));
        Assert.Equal((float32, DeviceType.CPU), (x.dtype, x.device.type));
        Assert.False(x.is_contiguous());
        Assert.True(x.is_floating_point());
        Assert.Equal(14, x[1].storage_offset() + x[0, 2].storage_offset());
    }

    [Fact(DisplayName = "elements come in row-major order whatever the strides, and can be written in place")]
    public void Elements()
    {
        using var scope = NewDisposeScope();
        var x = arange(6, dtype: float32).view(2, 3).t();
        Assert.Equal([0f, 3, 1, 4, 2, 5], x.data<float>().ToArray());
        var elements = x.data<float>();
        elements[2, 1] = 50;
        Assert.Equal(50f, x[2, 1].item<float>());
        var window = new float[3];
        elements.CopyTo(window, 1, 3);
        Assert.Equal([0f, 4, 2], window);
        var plain = zeros(2, 2);
        plain.data<float>().CopyFrom([1f, 2, 3], 1, 2);
        Assert.Equal([0f, 0, 2, 3], plain.data<float>().ToArray());
        plain.bytes = new byte[16];
        Assert.Equal(0f, plain.sum().item<float>());
    }

    [Fact(DisplayName = "arrays of every kind and rank become tensors of their type")]
    public void Arrays()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(float64, tensor(new[] { 1.0 }).dtype);
        Assert.Equal(int32, tensor(new[] { 1 }).dtype);
        Assert.Equal(torch.@bool, tensor(new[] { true }).dtype);
        Assert.Equal(uint8, tensor(new byte[] { 1 }).dtype);
        Assert.Equal(float32, tensor(new[] { 1, 2 }, dtype: float32).dtype);
        var cube = from_array(new float[,,] { { { 1, 2 }, { 3, 4 } } }, dtype: null);
        Assert.Equal([1, 2, 2], cube.shape);
        Assert.Equal(3f, cube[0, 1, 0].item<float>());
        Assert.Equal([2, 3], tensor(new long[6], 2, 3).shape);
        Assert.Equal(5L, ((Tensor)5L).item<long>());
    }

    [Fact(DisplayName = "numbers keep their type in arithmetic as in PyTorch")]
    public void Promotion()
    {
        using var scope = NewDisposeScope();
        var whole = arange(3);
        Assert.Equal(int64, (whole + 1).dtype);
        Assert.Equal(float32, (whole + 1.5).dtype);
        Assert.Equal(float32, (whole / 2).dtype);
        Assert.Equal(float16, (ones(2, dtype: float16) * 2.0).dtype);
        Assert.Equal([0L, 1, 2], whole.data<long>().ToArray());
        Assert.Equal(int32, tensor(new[] { 1 }).add(2).dtype);
    }

    [Fact(DisplayName = "bfloat16 and half keep what their bits can hold")]
    public void HalfPrecision()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.00390625f, 65504f });
        Assert.Equal(1f, x.to_type(bfloat16).to_type(float32)[0].item<float>());
        Assert.Equal(1.00390625f, x.half().@float()[0].item<float>());
        Assert.Equal((Half)65504f, x.half()[1].item<Half>());
        using var convolution = nn.Conv2d(3, 4, 3).to(bfloat16);
        Assert.Equal(bfloat16, convolution.call(ones([1, 3, 8, 8], dtype: bfloat16)).dtype);
    }

    [Fact(DisplayName = "channels-last memory is reached by permuting, and convolutions keep it")]
    public void ChannelsLast()
    {
        using var scope = NewDisposeScope();
        var image = Figures.Wave([1, 4, 5, 6]);
        var last = image.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        Assert.Equal([120, 1, 24, 4], last.stride());
        Assert.Equal([120, 1, 24, 4], last.clone().stride());
        using var convolution = nn.Conv2d(4, 8, 3, padding: 1);
        var expected = convolution.call(image);
        var result = convolution.call(last);
        Assert.True(result.allclose(expected, 1e-5, 1e-6));
        Assert.Equal(1, result.stride(1));
    }

    [Fact(DisplayName = "conversions give a new object; without a change it shares the memory")]
    public void Conversions()
    {
        using var scope = NewDisposeScope();
        var x = ones(2);
        var same = x.to(float32);
        Assert.NotSame(x, same);
        same.fill_(3);
        Assert.Equal(3f, x[0].item<float>());
        x.to(float32, copy: true).zero_();
        Assert.Equal(3f, x[0].item<float>());
        var converted = x.to(float64, disposeAfter: true);
        Assert.True(x.IsInvalid);
        Assert.Equal(float64, converted.dtype);
    }

    [Fact(DisplayName = "a parameter takes over the tensor that it is made of")]
    public void Parameters()
    {
        using var scope = NewDisposeScope();
        var data = ones(2);
        var parameter = new Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.False(new Parameter(ones(2), requires_grad: false).requires_grad);
    }

    [Fact(DisplayName = "a saved tensor reads back the same")]
    public void Serialized()
    {
        using var scope = NewDisposeScope();
        foreach (var tensor in new[] { Figures.Wave([2, 3]).t(), arange(200), ones([], bfloat16) })
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            tensor.Save(writer);
            stream.Position = 0;
            using var reader = new BinaryReader(stream);
            var read = Tensor.Load(reader);
            Assert.Equal(tensor.dtype, read.dtype);
            Assert.Equal(tensor.shape, read.shape);
            Assert.True(read.allclose(tensor, 0, 0));
        }
    }
}
