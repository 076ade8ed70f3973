using TorchSharp.Schedules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>× <paramref name="gamma"/> every <paramref name="step_size"/> steps.</summary>
            public static LRScheduler StepLR(
                Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new Scaled(optimizer, epoch => Math.Pow(gamma, epoch / step_size), last_epoch, verbose);

            /// <summary>× <paramref name="gamma"/> at each milestone.</summary>
            public static LRScheduler MultiStepLR(
                Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new Scaled(optimizer, epoch => Math.Pow(gamma, milestones.Count(milestone => milestone <= epoch)), last_epoch, verbose);

            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new Scaled(optimizer, epoch => Math.Pow(gamma, epoch), last_epoch, verbose);

            /// <summary>The initial rate × <paramref name="lr_lambda"/> of the step's number.</summary>
            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new Scaled(optimizer, lr_lambda, last_epoch, verbose);

            /// <summary>From <paramref name="start_factor"/> to <paramref name="end_factor"/> over <paramref name="total_iters"/> steps.</summary>
            public static LRScheduler LinearLR(
                Optimizer optimizer,
                double start_factor = 1.0 / 3,
                double end_factor = 1,
                int total_iters = 5,
                int last_epoch = -1,
                bool verbose = false) =>
                new Scaled(
                    optimizer,
                    epoch => start_factor + (end_factor - start_factor) * Math.Min(epoch, total_iters) / total_iters,
                    last_epoch,
                    verbose);

            /// <summary>Half a cosine from the initial rate to <paramref name="eta_min"/> over <paramref name="T_max"/> steps, and back.</summary>
            public static LRScheduler CosineAnnealingLR(
                Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false) =>
                new CosineAnnealing(optimizer, T_max, eta_min, last_epoch, verbose);

            /// <summary>
            /// One cycle (Smith and Topin 2018): up to <paramref name="max_lr"/> and down again over <paramref name="total_steps"/>, or
            /// <paramref name="epochs"/> × <paramref name="steps_per_epoch"/>, steps; momentum, or Adam's first beta, goes the other way.
            /// </summary>
            public static LRScheduler OneCycleLR(
                Optimizer optimizer,
                double max_lr,
                int total_steps = -1,
                int epochs = -1,
                int steps_per_epoch = -1,
                double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos,
                bool cycle_momentum = true,
                double base_momentum = 0.85,
                double max_momentum = 0.95,
                double div_factor = 25,
                double final_div_factor = 1e4,
                bool three_phase = false,
                int last_epoch = -1,
                bool verbose = false) =>
                new impl.OneCycleLR(
                    optimizer,
                    max_lr,
                    total_steps,
                    epochs,
                    steps_per_epoch,
                    pct_start,
                    anneal_strategy,
                    cycle_momentum,
                    base_momentum,
                    max_momentum,
                    div_factor,
                    final_div_factor,
                    three_phase,
                    last_epoch,
                    verbose);

            /// <summary>× <paramref name="factor"/> when the watched value has not improved for more than <paramref name="patience"/> steps.</summary>
            /// <param name="mode">"min" or "max": which way is better.</param>
            /// <param name="threshold_mode">"rel" or "abs": how <paramref name="threshold"/> is meant.</param>
            public static LRScheduler ReduceLROnPlateau(
                Optimizer optimizer,
                string mode = "min",
                double factor = 0.1,
                int patience = 10,
                double threshold = 1e-4,
                string threshold_mode = "rel",
                int cooldown = 0,
                IList<double>? min_lr = null,
                double eps = 1e-8,
                bool verbose = false) =>
                new Plateau(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);
        }
    }
}
