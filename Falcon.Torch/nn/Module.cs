using System.Reflection;
using TorchSharp.Interop;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// A part of a network: parameters, buffers and other modules, by name. Derived classes keep them in fields and call
        /// <see cref="RegisterComponents"/> at the end of their constructor; the fields' names are then the names in the state dictionary. What is
        /// registered belongs to the module: it leaves its dispose scope and is disposed with the module.
        /// </summary>
        public partial class Module : IDisposable
        {
            private readonly string _name;
            private readonly OrderedDictionary<string, Parameter> _parameters = [];
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _buffers = [];
            private readonly OrderedDictionary<string, Module> _modules = [];

            /// <param name="name">The name of the kind of module, as <see cref="GetName"/> gives it.</param>
            protected Module(string name) => _name = name;

            public bool training { get; private set; } = true;

            public virtual string GetName() => _name;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var module in children())
                    module.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>Registers a parameter, in the place of one of the same name.</summary>
            public virtual void register_parameter(string name, Parameter param) => _parameters[CheckedName(name)] = Owned(param);

            /// <summary>Registers a tensor that is part of the state but not learned, in the place of one of the same name.</summary>
            /// <param name="persistent">Whether it is in the state dictionary.</param>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true) =>
                _buffers[CheckedName(name)] = (Owned(tensor), persistent);

            /// <summary>Registers a module, in the place of one of the same name.</summary>
            public virtual void register_module(string name, Module submodule) => _modules[CheckedName(name)] = submodule;

            public void add_module(string name, Module module) => register_module(name, module);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Applies the action to all descendants, then to this module.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var module in children())
                    module.apply(fn);
                fn(this);
                return this;
            }

            /// <param name="set_to_none">Drop the gradients, so that the next ones need no addition; otherwise they are filled with zeros.</param>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                        continue;
                    }
                    using var gradient = parameter.grad;
                    gradient?.zero_();
                }
            }

            /// <summary>Registers what the fields of the derived classes hold: modules, parameters, and tensors as buffers.</summary>
            protected virtual void RegisterComponents()
            {
                foreach (var field in ComponentFields(GetType()))
                {
                    var name = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(name, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(name, tensor);
                            break;
                    }
                }
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (var parameter in _parameters.Values)
                    parameter.Dispose();
                foreach (var (tensor, _) in _buffers.Values)
                    tensor.Dispose();
                foreach (var module in _modules.Values)
                    module.Dispose();
            }

            /// <summary>Removes all child modules without disposing them.</summary>
            private protected void ForgetModules() => _modules.Clear();

            private protected Parameter? ParameterOrNull(string name) => _parameters.GetValueOrDefault(name);

            private protected Tensor? BufferOrNull(string name) => _buffers.TryGetValue(name, out var buffer) ? buffer.Tensor : null;

            /// <summary>Registers the parameter, or removes the one there is for null.</summary>
            private protected void SetParameter(string name, Parameter? parameter)
            {
                if (parameter is null)
                    _parameters.Remove(name);
                else
                    register_parameter(name, parameter);
            }

            private protected void SetBuffer(string name, Tensor? buffer)
            {
                if (buffer is null)
                    _buffers.Remove(name);
                else
                    register_buffer(name, buffer);
            }

            /// <summary>Moves and converts all parameters and buffers in place; a type applies to those of floating point only.</summary>
            internal void Convert(Device? device, ScalarType? type, bool nonBlocking)
            {
                using var scope = NewDisposeScope();
                using var noGrad = no_grad();
                foreach (var tensor in parameters().Concat(buffers()))
                {
                    ConvertInPlace(tensor, device, type, nonBlocking);
                    if (tensor.grad is { } gradient)
                        ConvertInPlace(gradient, device, type, nonBlocking);
                }
            }

            private static void ConvertInPlace(Tensor tensor, Device? device, ScalarType? type, bool nonBlocking)
            {
                var wanted = tensor.is_floating_point() ? type ?? tensor.dtype : tensor.dtype;
                Aten.Run("set_data", tensor, tensor.to(wanted, device ?? tensor.device, non_blocking: nonBlocking));
            }

            private static IEnumerable<FieldInfo> ComponentFields(Type type)
            {
                const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
                var inherited = type.BaseType is { } parent && parent != typeof(Module) ? ComponentFields(parent) : [];
                return inherited.Concat(type.GetFields(Own));
            }

            private static T Owned<T>(T tensor)
                where T : Tensor
            {
                tensor.DetachFromDisposeScope();
                return tensor;
            }

            private static string CheckedName(string name) =>
                name.Length > 0 && !name.Contains('.') ? name : throw new ArgumentException($"'{name}' cannot name a part of a module.", nameof(name));
        }
    }
}
