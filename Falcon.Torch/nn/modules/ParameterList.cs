using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);

            public static Modules.ParameterList ParameterList(params Modules.Parameter[] parameters) => new(parameters);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Parameters in a list, named "0", "1", ….</summary>
    public class ParameterList : nn.Module, IEnumerable<Parameter>
    {
        private readonly List<Parameter> _items = [];

        public ParameterList(params Parameter[] parameters)
            : base(nameof(ParameterList)) => extend(parameters);

        public int Count => _items.Count;

        public Parameter this[int index]
        {
            get => _items[index];
            set
            {
                _items[index] = value;
                register_parameter(index.ToString(), value);
            }
        }

        public void Add(Parameter item)
        {
            register_parameter(Count.ToString(), item);
            _items.Add(item);
        }

        public void append(params Parameter[] parameters) => extend(parameters);

        public void extend(IEnumerable<Parameter> parameters)
        {
            foreach (var parameter in parameters)
                Add(parameter);
        }

        public IEnumerator<Parameter> GetEnumerator() => _items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
