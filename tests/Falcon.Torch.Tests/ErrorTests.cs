using System.Runtime.InteropServices;

namespace Falcon.Torch.Tests;

public class ErrorTests
{
    [Fact(DisplayName = "an operator that fails throws its own message, without a C++ trace")]
    public void Message()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => ones(2, 3).mm(ones(2, 3)));
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", error.Message);
        Assert.DoesNotContain("frame #", error.Message);
    }

    [Fact(DisplayName = "gradients of a graph that is gone are refused")]
    public void SecondBackward()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], requires_grad: true);
        var loss = (x * x).sum();
        loss.backward();
        Assert.Contains("backward through the graph a second time", Assert.Throws<ExternalException>(loss.backward).Message);
    }

    [Fact(DisplayName = "a disposed tensor names itself when it is used")]
    public void Disposed()
    {
        var x = ones(2);
        x.Dispose();
        x.Dispose();
        Assert.True(x.IsInvalid);
        Assert.Throws<ObjectDisposedException>(() => x.sum());
    }

    [Fact(DisplayName = "values that do not fill the shape are refused")]
    public void WrongCount() => Assert.Throws<ArgumentException>(() => tensor(new float[5], [2, 3]));

    [Fact(DisplayName = "elements are read as the type that they are")]
    public void WrongType()
    {
        using var x = ones(2);
        Assert.Throws<ArgumentException>(() => x.data<double>());
        Assert.Throws<ArgumentException>(() => x.item<float>());
    }

    [Fact(DisplayName = "the bytes of a strided view are refused")]
    public void StridedBytes()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<InvalidOperationException>(() => ones(2, 3).t().bytes.Length);
    }

    [Theory(DisplayName = "devices are parsed; what is no device is refused")]
    [InlineData("cpu", DeviceType.CPU, -1)]
    [InlineData("cuda", DeviceType.CUDA, -1)]
    [InlineData("cuda:1", DeviceType.CUDA, 1)]
    public void Devices(string description, DeviceType type, int index)
    {
        var device = new Device(description);
        Assert.Equal((type, index, description), (device.type, device.index, device.ToString()));
        Assert.Throws<ArgumentException>(() => new Device(description + "x"));
    }

    [Fact(DisplayName = "a device that is not there is refused by libtorch")]
    public void NoCuda()
    {
        if (cuda.is_available())
            Assert.Skip("This machine has CUDA.");
        Assert.Equal(0, cuda.device_count());
        using var x = ones(1);
        Assert.Throws<ExternalException>(() => x.to("cuda"));
    }
}
