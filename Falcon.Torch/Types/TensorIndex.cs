namespace TorchSharp;

public static partial class torch
{
    /// <summary>One dimension of an index expression: a position, a range, a mask or index tensor, "...", or a new dimension.</summary>
    public readonly struct TensorIndex
    {
        /// <summary>The remaining dimensions, as "..." in Python.</summary>
        public static readonly TensorIndex Ellipsis = new(IndexKind.Ellipsis);

        /// <summary>A new dimension of extent 1.</summary>
        public static readonly TensorIndex None = new(IndexKind.NewDimension);

        /// <summary>A new dimension of extent 1, as <see cref="None"/>.</summary>
        public static readonly TensorIndex Null = new(IndexKind.NewDimension);

        /// <summary>The whole dimension.</summary>
        public static readonly TensorIndex Colon = Slice();

        private TensorIndex(IndexKind kind, long? start = null, long? stop = null, long? step = null, Tensor? tensor = null)
        {
            Kind = kind;
            Start = start;
            Stop = stop;
            Step = step;
            Indices = tensor;
        }

        internal IndexKind Kind { get; }

        internal long? Start { get; }

        internal long? Stop { get; }

        internal long? Step { get; }

        internal Tensor? Indices { get; }

        /// <summary>One position; null is a new dimension.</summary>
        public static TensorIndex Single(long? index) => index is null ? None : new(IndexKind.Position, index);

        public static TensorIndex Bool(bool value) => new(IndexKind.Truth, value ? 1 : 0);

        /// <summary>Positions from <paramref name="start"/> up to, not including, <paramref name="stop"/>; negative ones count from the end.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(IndexKind.Slice, start, stop, step);

        public static TensorIndex Slice((int?, int?) range) => Slice((long?)range.Item1, range.Item2);

        public static TensorIndex Slice(Range range) => Slice(FromEnd(range.Start), range.End.Equals(System.Index.End) ? null : FromEnd(range.End));

        /// <summary>Positions given by a tensor of int64, or a mask of bool.</summary>
        public static TensorIndex Tensor(Tensor tensor) => new(IndexKind.Tensor, tensor: tensor);

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex((int?, int?) range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(FromEnd(index));

        private static long FromEnd(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }

    internal enum IndexKind
    {
        Position,
        Truth,
        Slice,
        Tensor,
        Ellipsis,
        NewDimension,
    }
}
