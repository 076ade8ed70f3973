using TorchSharp.Modules;

namespace Falcon.Torch.Tests;

public class MemoryTests
{
    [Fact(DisplayName = "a thousand training steps leave neither tensors nor memory behind")]
    public void FlatMemory()
    {
        using var outer = NewDisposeScope();
        var before = LiveTensors.Count();
        {
            using var scope = NewDisposeScope();
            using var network = nn.Sequential(
                nn.Conv2d(3, 16, 3, padding: 1), nn.BatchNorm2d(16), nn.ReLU(inplace: true), nn.Conv2d(16, 3, 3, padding: 1), nn.Sigmoid());
            using var optimizer = optim.AdamW(network.parameters(), 1e-3);
            var images = rand(2, 3, 32, 32);
            Train(network, optimizer, images, 100);
            var (live, resident) = (LiveTensors.Count(), ResidentBytes());
            Train(network, optimizer, images, 1000);
            Assert.Equal(live, Tensor.TotalCount);
            Assert.InRange(ResidentBytes() - resident, long.MinValue, 16L << 20);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact(DisplayName = "tensors that nobody disposes are freed with the garbage")]
    public void Forgotten()
    {
        var before = LiveTensors.Count();
        Forget();
        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact(DisplayName = "a failing operator leaves no tensors behind")]
    public void Failing()
    {
        using var x = ones(2, 3);
        var before = LiveTensors.Count();
        for (var i = 0; i < 10; i++)
            Assert.ThrowsAny<Exception>(() => x.mm(x));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact(DisplayName = "views of a mapped file share the mapping, whatever the type")]
    public void MappedFile()
    {
        using var scope = NewDisposeScope();
        var path = Path.GetTempFileName();
        try
        {
            var numbers = Enumerable.Range(0, 1 << 20).Select(i => (float)i).ToArray();
            File.WriteAllBytes(path, System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray());
            var mapped = from_file(path, shared: false, size: numbers.Length, dtype: float32);
            var view = mapped.narrow(0, 1000, 600).view(2, 3, 100);
            Assert.Equal(1250f, view[0, 2, 50].item<float>());
            view[0, 2, 50] = -1;
            Assert.Equal(-1f, mapped[1250].item<float>());
            Assert.Equal(1250f, BitConverter.ToSingle(File.ReadAllBytes(path), 4 * 1250));
            Assert.Equal(1000, view.storage_offset());
            var bytes = from_file(path, shared: false, size: new FileInfo(path).Length, dtype: uint8);
            Assert.Equal(BitConverter.GetBytes(7f), bytes[28..32].data<byte>().ToArray());
            // Two mappings of 4 MiB, of which a few pages have been touched and one has been changed.
            var mappings = Mappings(path);
            Assert.Equal(2, mappings.Count);
            Assert.All(mappings, mapping => Assert.InRange(mapping.Changed, 0, 64L << 10));
            Assert.InRange(mappings.Sum(mapping => mapping.Changed), 1, 64L << 10);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact(DisplayName = "threads: the count holds for libtorch as a whole, also on threads of .NET that come later")]
    public void Threads()
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(2);
            Assert.Equal(2, get_num_threads());
            var elsewhere = 0;
            var thread = new Thread(() =>
            {
                using var sum = ones(100_000).sum();
                elsewhere = get_num_threads();
            });
            thread.Start();
            thread.Join();
            Assert.Equal(2, elsewhere);
        }
        finally
        {
            set_num_threads(before);
        }
        Assert.True(get_num_interop_threads() >= 1);
    }

    [Fact(DisplayName = "many threads may compute and train at once")]
    public void Parallel()
    {
        var before = LiveTensors.Count();
        var losses = new float[4];
        var workers = Enumerable.Range(0, losses.Length).Select(worker => new Thread(() =>
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(5);
            var weight = new Parameter(randn(8, 8, generator: generator));
            using var optimizer = optim.SGD([weight], 0.1);
            for (var i = 0; i < 50; i++)
            {
                using var inner = NewDisposeScope();
                optimizer.zero_grad();
                var loss = weight.matmul(weight).sub(eye(8)).pow(2).mean();
                loss.backward();
                optimizer.step();
                losses[worker] = loss.item<float>();
            }
        })).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        Assert.All(losses, loss => Assert.Equal(losses[0], loss));
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void Train(Sequential network, AdamW optimizer, Tensor images, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            network.zero_grad();
            nn.functional.mse_loss(network.call(images), images).backward();
            optimizer.step();
        }
    }

    private static void Forget()
    {
        for (var i = 0; i < 20; i++)
            _ = ones(100) * i;
    }

    /// <summary>The parts of this process's memory that are a file, and how much of each is no longer shared with it.</summary>
    private static List<(string Range, long Changed)> Mappings(string path)
    {
        List<(string Range, long Changed)> found = [];
        var isOfFile = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!fields[0].EndsWith(':'))
            {
                isOfFile = fields[^1] == path;
                if (isOfFile)
                    found.Add((fields[0], 0));
            }
            else if (isOfFile && fields[0] == "Private_Dirty:")
            {
                found[^1] = found[^1] with { Changed = long.Parse(fields[1]) << 10 };
            }
        }
        return found;
    }

    private static long ResidentBytes()
    {
        var fields = File.ReadAllText("/proc/self/statm").Split(' ');
        return long.Parse(fields[1]) * Environment.SystemPageSize;
    }
}
