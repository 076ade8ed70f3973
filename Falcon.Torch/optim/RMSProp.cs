using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.RMSProp RMSProp(
                IEnumerable<Modules.Parameter> parameters,
                double lr = 0.01,
                double alpha = 0.99,
                double eps = 1e-8,
                double weight_decay = 0,
                double momentum = 0,
                bool centered = false,
                bool maximize = false) =>
                new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static Modules.RMSProp RMSProp(
                IEnumerable<(string, Modules.Parameter)> parameters,
                double lr = 0.01,
                double alpha = 0.99,
                double eps = 1e-8,
                double weight_decay = 0,
                double momentum = 0,
                bool centered = false,
                bool maximize = false) =>
                new(parameters.Select(named => named.Item2), lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static Modules.RMSProp RMSProp(
                IEnumerable<Modules.RMSProp.ParamGroup> parameters,
                double lr = 0.01,
                double alpha = 0.99,
                double eps = 1e-8,
                double weight_decay = 0,
                double momentum = 0,
                bool centered = false,
                bool maximize = false) =>
                new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>RMSProp (Hinton 2012): gradients divided by a running mean of their magnitude; weight decay is added to the gradient.</summary>
    public class RMSProp : OptimizerHelper, optim.IMomentum
    {
        public RMSProp(
            IEnumerable<Parameter> parameters,
            double lr = 0.001,
            double alpha = 0.99,
            double eps = 1e-8,
            double weight_decay = 0,
            double momentum = 0,
            bool centered = false,
            bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
        {
        }

        public RMSProp(
            IEnumerable<ParamGroup> parameters,
            double lr = 0.001,
            double alpha = 0.99,
            double eps = 1e-8,
            double weight_decay = 0,
            double momentum = 0,
            bool centered = false,
            bool maximize = false)
            : base(new Options(lr, alpha, eps, weight_decay, momentum, centered, maximize)) => AddGroups(parameters);

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
            var (alpha, momentum) = (settings.alpha!.Value, settings.momentum!.Value);
            var own = Array.ConvertAll(states, state => (State)state);
            if (settings.maximize == true)
                gradients = Aten.CallList("_foreach_neg", gradients);
            if (settings.weight_decay is > 0 or < 0)
                gradients = Aten.CallList("_foreach_add.List", gradients, parameters, settings.weight_decay);
            foreach (var state in own)
                state.step++;
            var squares = Array.ConvertAll(own, state => state.square_avg!);
            Aten.Run("_foreach_mul_.Scalar", squares, alpha);
            Aten.Run("_foreach_addcmul_.Scalar", squares, gradients, gradients, 1 - alpha);
            if (settings.centered == true)
            {
                var means = Array.ConvertAll(own, state => state.grad_avg!);
                Aten.Run("_foreach_mul_.Scalar", means, alpha);
                Aten.Run("_foreach_add_.List", means, gradients, 1 - alpha);
                squares = Aten.CallList("_foreach_addcmul.Scalar", squares, means, means, -1);
            }
            var scales = Aten.CallList("_foreach_sqrt", squares);
            Aten.Run("_foreach_add_.Scalar", scales, settings.eps);
            if (momentum <= 0)
            {
                Aten.Run("_foreach_addcdiv_.Scalar", parameters, gradients, scales, -settings.LearningRate!.Value);
                return;
            }
            var velocity = Array.ConvertAll(own, state => state.momentum_buffer!);
            Aten.Run("_foreach_mul_.Scalar", velocity, momentum);
            Aten.Run("_foreach_addcdiv_.Scalar", velocity, gradients, scales, 1);
            Aten.Run("_foreach_add_.List", parameters, velocity, -settings.LearningRate!.Value);
        }

        public class Options : OptimizerOptions
        {
            public double? alpha;
            public double? eps;
            public double? weight_decay;
            public double? momentum;
            public bool? centered;
            public bool? maximize;

            public Options()
            {
            }

            internal Options(
                double? lr, double? alpha, double? eps, double? weight_decay, double? momentum, bool? centered, bool? maximize)
            {
                LearningRate = lr;
                this.alpha = alpha;
                this.eps = eps;
                this.weight_decay = weight_decay;
                this.momentum = momentum;
                this.centered = centered;
                this.maximize = maximize;
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
                double eps = 1e-8,
                double alpha = 0.99,
                double weight_decay = 0,
                double momentum = 0,
                bool centered = false)
                : base(parameters, new Options(lr, alpha, eps, weight_decay, momentum, centered, null))
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
            public long step;
            public Tensor? square_avg;
            public Tensor? momentum_buffer;
            public Tensor? grad_avg;

            public override void Initialize(OptimizerOptions options)
            {
                var settings = (Options)options;
                square_avg = ZerosLikeParameter();
                momentum_buffer = settings.momentum > 0 ? ZerosLikeParameter() : null;
                grad_avg = settings.centered == true ? ZerosLikeParameter() : null;
            }
        }
    }
}
