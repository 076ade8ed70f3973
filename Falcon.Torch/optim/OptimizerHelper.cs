using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The parameter groups and the state that all optimisers here share.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private readonly List<ParamGroup> _groups = [];
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);
    private readonly OptimizerOptions _defaults;

    private protected OptimizerHelper(OptimizerOptions defaults) => _defaults = defaults;

    public override IEnumerable<optim.ILearningRateController> ParamGroups => _groups;

    public override IEnumerable<Parameter> parameters() => _groups.SelectMany(group => group.Parameters);

    public override void add_param_group(ParamGroup param_group)
    {
        param_group.Parameters = [.. param_group.Parameters];
        param_group.Options.Complete(_defaults);
        param_group.InitialLearningRate = param_group.LearningRate;
        using var noGrad = no_grad();
        foreach (var parameter in param_group.Parameters)
        {
            var state = StateOf(parameter);
            if (!_states.TryAdd(parameter, state))
                throw new ArgumentException("A parameter can be in one group only.", nameof(param_group));
            state.Initialize(param_group.Options);
        }
        _groups.Add(param_group);
    }

    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using (enable_grad())
                loss = closure();
        }
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _groups)
        {
            var (learned, gradients) = WithGradients(group.Parameters);
            if (learned.Length > 0)
                Update(group.Options, learned, gradients, Array.ConvertAll(learned, parameter => _states[parameter]));
        }
        return loss;
    }

    public override void zero_grad()
    {
        using var scope = NewDisposeScope();
        var gradients = WithGradients(parameters()).Gradients;
        if (gradients.Length > 0)
            Aten.Run("_foreach_zero_", gradients);
    }

    public StateDictionary state_dict() =>
        new(_groups.ConvertAll(group => group.Options), parameters().Select(parameter => _states[parameter]).ToList());

    /// <summary>Copies options and states of an optimiser over the same parameters.</summary>
    public void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        if (own.Options.Count != state_dict.Options.Count || own.State.Count != state_dict.State.Count)
            throw new ArgumentException("The state is of other parameter groups.", nameof(state_dict));
        using var noGrad = no_grad();
        for (var i = 0; i < own.Options.Count; i++)
            own.Options[i].LoadStateDict(state_dict.Options[i]);
        for (var i = 0; i < own.State.Count; i++)
            own.State[i].LoadStateDict(state_dict.State[i]);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var own = state_dict();
        if (reader.ReadString() != GetType().Name || reader.ReadInt32() != own.Options.Count || reader.ReadInt32() != own.State.Count)
            throw new InvalidDataException($"The state is not one of {GetType().Name} over the same parameter groups.");
        own.Options.ForEach(options => options.LoadStateDict(reader));
        own.State.ForEach(state => state.LoadStateDict(reader));
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var own = state_dict();
        writer.Write(GetType().Name);
        writer.Write(own.Options.Count);
        writer.Write(own.State.Count);
        own.Options.ForEach(options => options.SaveStateDict(writer));
        own.State.ForEach(state => state.SaveStateDict(writer));
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public void to(Device device)
    {
        foreach (var state in _states.Values)
            state.to(device);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        foreach (var state in _states.Values)
            state.Release();
    }

    private protected abstract OptimizerState StateOf(Parameter parameter);

    /// <summary>Changes the parameters of one group. No graph is recorded, and what is created is disposed.</summary>
    private protected abstract void Update(OptimizerOptions options, Parameter[] parameters, Tensor[] gradients, OptimizerState[] states);

    private protected void AddGroups(IEnumerable<ParamGroup> groups)
    {
        foreach (var group in groups)
            add_param_group(group);
    }

    private static (Parameter[] Parameters, Tensor[] Gradients) WithGradients(IEnumerable<Parameter> parameters)
    {
        var learned = new List<Parameter>();
        var gradients = new List<Tensor>();
        foreach (var parameter in parameters)
        {
            if (parameter.grad is not { } gradient)
                continue;
            learned.Add(parameter);
            gradients.Add(gradient);
        }
        return ([.. learned], [.. gradients]);
    }
}
