using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<Module> children() => named_children().Select(child => child.Item2);

            public virtual IEnumerable<(string, Module)> named_children() => _modules.Select(entry => (entry.Key, entry.Value));

            /// <summary>All descendants, parents before children.</summary>
            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.Item2);

            public virtual IEnumerable<(string, Module)> named_modules() =>
                named_children().SelectMany(child => child.Item2.named_modules()
                    .Select(inner => ($"{child.Item1}.{inner.Item1}", inner.Item2))
                    .Prepend((child.Item1, child.Item2)));

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.Item2);

            /// <summary>Parameters by their path; one that is registered twice comes once.</summary>
            public virtual IEnumerable<(string, Parameter)> named_parameters(bool recurse = true) =>
                All(recurse, module => module._parameters.Select(entry => (entry.Key, entry.Value)))
                    .DistinctBy(entry => entry.Item2, ReferenceEqualityComparer.Instance);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.Item2);

            public virtual IEnumerable<(string, Tensor)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                All(recurse, module => module._buffers
                    .Where(entry => include_nonpersistent || entry.Value.Persistent)
                    .Select(entry => (entry.Key, entry.Value.Tensor)));

            public virtual bool has_parameter(string target) => named_parameters().Any(entry => entry.Item1 == target);

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(entry => entry.Item1 == target).Item2;

            public virtual bool has_buffer(string target) => named_buffers().Any(entry => entry.Item1 == target);

            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(entry => entry.Item1 == target).Item2;

            /// <summary>Parameters and persistent buffers by the names PyTorch gives them. The tensors are the module's own, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (name, parameter) in _parameters)
                    destination[start + name] = parameter;
                foreach (var (name, buffer) in _buffers)
                {
                    if (buffer.Persistent)
                        destination[start + name] = buffer.Tensor;
                }
                foreach (var (name, module) in named_children())
                    module.state_dict(destination, start + name);
                return destination;
            }

            /// <summary>Copies the tensors into the parameters and buffers of the same names.</summary>
            /// <param name="strict">Throw, before anything is copied, unless the names are the same on both sides.</param>
            /// <param name="skip">Names to leave alone.</param>
            /// <returns>The names that were missing and the ones that were not expected.</returns>
            public virtual (IList<string>, IList<string>) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                var skipped = skip ?? [];
                var missing = own.Keys.Except(source.Keys).Except(skipped).ToList();
                var unexpected = source.Keys.Except(own.Keys).Except(skipped).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException($"The state does not fit: missing {Listed(missing)}; unexpected {Listed(unexpected)}.");
                var shared = own.Keys.Intersect(source.Keys).Except(skipped).ToList();
                var misshapen = shared.Where(name => !own[name].shape.SequenceEqual(source[name].shape)).ToList();
                if (misshapen.Count > 0)
                    throw new InvalidOperationException($"The state does not fit: other shapes at {Listed(misshapen)}.");
                using var noGrad = no_grad();
                foreach (var name in shared)
                    own[name].copy_(source[name]);
                return (missing, unexpected);
            }

            private IEnumerable<(string, T)> All<T>(bool recurse, Func<Module, IEnumerable<(string, T)>> own)
            {
                var inner = recurse
                    ? named_children().SelectMany(child => child.Item2.All(true, own).Select(entry => ($"{child.Item1}.{entry.Item1}", entry.Item2)))
                    : [];
                return own(this).Concat(inner);
            }

            private static string Listed(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
        }
    }
}
