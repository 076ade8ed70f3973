namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);

    public static Device CUDA { get; } = new(DeviceType.CUDA);

    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    public static Device device(int index) => new(index);

    /// <summary>Where a tensor lives: "cpu", "cuda", "cuda:1".</summary>
    public class Device
    {
        /// <param name="description">A device type and, after a colon, an index: "cpu", "cuda:0".</param>
        /// <exception cref="ArgumentException">The description names no known device.</exception>
        public Device(string description)
        {
            var parts = description.Split(':');
            var number = -1;
            if (parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], out number)))
                throw new ArgumentException($"'{description}' is not a device.", nameof(description));
            type = TypeNamed(parts[0]);
            index = Normalised(type, number);
        }

        public Device(string deviceType, int index = -1)
            : this(TypeNamed(deviceType), index)
        {
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = Normalised(deviceType, index);
        }

        /// <summary>A CUDA device.</summary>
        public Device(int index)
            : this(DeviceType.CUDA, index)
        {
        }

        public DeviceType type { get; }

        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString() => index < 0 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";

        private static DeviceType TypeNamed(string name) =>
            Enum.TryParse<DeviceType>(name, ignoreCase: true, out var type) && !int.TryParse(name, out _)
                ? type
                : throw new ArgumentException($"'{name}' is not a device type.", nameof(name));

        private static int Normalised(DeviceType type, int index) => type == DeviceType.CUDA ? index : -1;
    }
}
