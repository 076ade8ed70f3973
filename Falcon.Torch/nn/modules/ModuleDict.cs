using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleDict<T> ModuleDict<T>(params (string, T)[] modules)
                where T : Module
            {
                var dictionary = new Modules.ModuleDict<T>();
                foreach (var (name, module) in modules)
                    dictionary.Add(name, module);
                return dictionary;
            }
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Modules by name, in the order in which they were added.</summary>
    public class ModuleDict<T> : nn.Module, IEnumerable<(string, T)>
        where T : nn.Module
    {
        private readonly OrderedDictionary<string, T> _items = [];

        public ModuleDict()
            : base(nameof(ModuleDict<T>))
        {
        }

        public int Count => _items.Count;

        public T this[string key]
        {
            get => _items[key];
            set
            {
                _items[key] = value;
                register_module(key, value);
            }
        }

        public void Add(string key, T value)
        {
            _items.Add(key, value);
            register_module(key, value);
        }

        public bool ContainsKey(string key) => _items.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _items.TryGetValue(key, out value);

        public IEnumerable<string> keys() => _items.Keys;

        public IEnumerable<T> values() => _items.Values;

        public IEnumerator<(string, T)> GetEnumerator() => _items.Select(item => (item.Key, item.Value)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
