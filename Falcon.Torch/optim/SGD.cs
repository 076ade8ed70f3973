using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.SGD SGD(
                IEnumerable<Modules.Parameter> parameters,
                double learningRate,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static Modules.SGD SGD(
                IEnumerable<(string, Modules.Parameter)> parameters,
                double learningRate,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false) =>
                new(parameters.Select(named => named.Item2), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static Modules.SGD SGD(
                IEnumerable<Modules.SGD.ParamGroup> parameters,
                double learningRate,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Gradient descent with momentum; weight decay is added to the gradient.</summary>
    public class SGD : OptimizerHelper, optim.IMomentum
    {
        public SGD(
            IEnumerable<Parameter> parameters,
            double lr,
            double momentum = 0,
            double dampening = 0,
            double weight_decay = 0,
            bool nesterov = false,
            bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        public SGD(
            IEnumerable<ParamGroup> parameters,
            double lr,
            double momentum = 0,
            double dampening = 0,
            double weight_decay = 0,
            bool nesterov = false,
            bool maximize = false)
            : base(new Options(lr, momentum, dampening, weight_decay, nesterov, maximize)) => AddGroups(parameters);

        /// <summary>Of the first group; setting changes all groups.</summary>
        public double Momentum
        {
            get => ParamGroups.OfType<ParamGroup>().First().Momentum;
            set
            {
                foreach (var group in ParamGroups.OfType<ParamGroup>())
                    group.Momentum = value;
            }
        }

        private protected override OptimizerState StateOf(Parameter parameter) => new State(parameter);

        private protected override void Update(OptimizerOptions options, Parameter[] parameters, Tensor[] gradients, OptimizerState[] states)
        {
            var settings = (Options)options;
            var momentum = settings.momentum!.Value;
            if (settings.maximize == true)
                gradients = Aten.CallList("_foreach_neg", gradients);
            if (settings.weight_decay is > 0 or < 0)
                gradients = Aten.CallList("_foreach_add.List", gradients, parameters, settings.weight_decay);
            if (momentum != 0)
            {
                var buffers = Array.ConvertAll(states, state => ((State)state).momentum_buffer);
                gradients = WithMomentum(settings, gradients, buffers, states);
            }
            Aten.Run("_foreach_add_.List", parameters, gradients, -settings.LearningRate!.Value);
        }

        private static Tensor[] WithMomentum(Options settings, Tensor[] gradients, Tensor?[] buffers, OptimizerState[] states)
        {
            var known = Enumerable.Range(0, buffers.Length).Where(i => buffers[i] is not null).ToArray();
            if (known.Length > 0)
            {
                var old = Array.ConvertAll(known, i => buffers[i]!);
                Aten.Run("_foreach_mul_.Scalar", old, settings.momentum);
                Aten.Run("_foreach_add_.List", old, Array.ConvertAll(known, i => gradients[i]), 1 - settings.dampening!.Value);
            }
            for (var i = 0; i < buffers.Length; i++)
                buffers[i] ??= ((State)states[i]).Begin(gradients[i]);
            var velocity = Array.ConvertAll(buffers, buffer => buffer!);
            return settings.nesterov == true ? Aten.CallList("_foreach_add.List", gradients, velocity, settings.momentum) : velocity;
        }

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;

            public Options()
            {
            }

            internal Options(double? lr, double? momentum, double? dampening, double? weight_decay, bool? nesterov, bool? maximize)
            {
                LearningRate = lr;
                this.momentum = momentum;
                this.dampening = dampening;
                this.weight_decay = weight_decay;
                this.nesterov = nesterov;
                this.maximize = maximize;
            }

            internal override void Complete(OptimizerOptions defaults)
            {
                base.Complete(defaults);
                if (nesterov == true && (momentum <= 0 || dampening != 0))
                    throw new ArgumentException("Nesterov momentum needs a momentum above 0 and no dampening.");
            }
        }

        public class ParamGroup : ParamGroup<Options>, optim.IMomentum
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                : base(parameters, options)
            {
            }

            public ParamGroup(
                IEnumerable<Parameter> parameters,
                double lr = 0.001,
                double momentum = 0,
                double dampening = 0,
                double weight_decay = 0,
                bool nesterov = false,
                bool maximize = false)
                : base(parameters, new Options(lr, momentum, dampening, weight_decay, nesterov, maximize))
            {
            }

            public double Momentum
            {
                get => Options.momentum!.Value;
                set => Options.momentum = value;
            }
        }

        public class State(Parameter parameter) : OptimizerState(parameter)
        {
            /// <summary>The velocity; null before the first step.</summary>
            public Tensor? momentum_buffer;

            internal Tensor Begin(Tensor gradient) => momentum_buffer = gradient.clone().DetachFromDisposeScope();
        }
    }
}
