namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rate of each parameter group from the number of steps so far; made, it sets that of step 0.</summary>
            public abstract class LRScheduler
            {
                private readonly bool _verbose;

                private protected LRScheduler(Optimizer optimizer, int last_epoch, bool verbose)
                {
                    _verbose = verbose;
                    Groups = [.. optimizer.ParamGroups];
                    Epoch = last_epoch;
                    if (last_epoch < 0)
                        BaseRates = Array.ConvertAll(Groups, group => group.InitialLearningRate = group.LearningRate);
                    else
                        BaseRates = Array.ConvertAll(Groups, group => group.InitialLearningRate);
                }

                /// <summary>Steps made; −1 before the one of the constructor.</summary>
                private protected int Epoch { get; private set; }

                private protected ILearningRateController[] Groups { get; }

                private protected double[] BaseRates { get; }

                public virtual IEnumerable<double> get_last_lr() => Groups.Select(group => group.LearningRate);

                public virtual void step() => step(Epoch + 1);

                /// <summary>Goes to a certain step; to the next one without.</summary>
                public virtual void step(int? epoch)
                {
                    Epoch = epoch ?? Epoch + 1;
                    for (var i = 0; i < Groups.Length; i++)
                        Groups[i].LearningRate = RateAt(Epoch, i);
                    Report();
                }

                /// <param name="current">The value that is watched; only ReduceLROnPlateau looks at it.</param>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                private protected abstract double RateAt(int epoch, int group);

                private protected void Report()
                {
                    if (_verbose)
                        Console.WriteLine($"step {Epoch}: learning rates {string.Join(", ", get_last_lr())}");
                }
            }
        }
    }
}
