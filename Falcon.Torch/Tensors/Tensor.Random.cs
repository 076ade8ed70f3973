using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        input.multinomial(num_samples, replacement, generator);

    public static Tensor poisson(Tensor input, Generator? generator = null) => input.poisson(generator);

    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Aten.Call("bernoulli", this, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Aten.Update("bernoulli_.float", this, p, generator);

        public Tensor bernoulli_(Tensor p, Generator? generator = null) => Aten.Update("bernoulli_.Tensor", this, p, generator);

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Aten.Update("normal_", this, mean, std, generator);

        public Tensor uniform_(double from, double to, Generator? generator = null) => Aten.Update("uniform_", this, from, to, generator);

        public Tensor exponential_(double lambda = 1, Generator? generator = null) => Aten.Update("exponential_", this, lambda, generator);

        public Tensor random_(double from, double to, Generator? generator = null) =>
            Aten.Update("random_.from", this, (long)from, (long)to, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Aten.Call("multinomial", this, num_samples, replacement, generator);

        public Tensor poisson(Generator? generator = null) => Aten.Call("poisson", this, generator);
    }
}
