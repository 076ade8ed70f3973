namespace Falcon.Weights;

/// <summary>The numbers of fields in onnx.proto, for whatever reads or writes such files.</summary>
internal static class OnnxField
{
    /// <summary>Fields of a model.</summary>
    internal static class Model
    {
        public const int IrVersion = 1, ProducerName = 2, ProducerVersion = 3, Graph = 7, OpsetImport = 8, Metadata = 14;
    }

    /// <summary>Fields of a graph.</summary>
    internal static class Graph
    {
        public const int Node = 1, Name = 2, Initializer = 5, Input = 11, Output = 12;
    }

    /// <summary>Fields of an operation.</summary>
    internal static class Node
    {
        public const int Input = 1, Output = 2, Name = 3, Operation = 4, Attribute = 5;
    }

    /// <summary>Fields of an attribute of an operation; <see cref="Kind"/> says which of the others holds its value.</summary>
    internal static class Attribute
    {
        public const int Name = 1, Float = 2, Int = 3, Text = 4, Ints = 8, Kind = 20;
    }

    /// <summary>Fields of a constant.</summary>
    internal static class Tensor
    {
        public const int Dims = 1, DataType = 2, FloatData = 4, Name = 8, RawData = 9;
    }

    /// <summary>Fields of what says name, type and shape of an input or output, each level within the one before.</summary>
    internal static class Value
    {
        public const int Name = 1, Type = 2, TensorType = 1, ElementType = 1, Shape = 2, Dimension = 1, DimensionValue = 1;
    }

    /// <summary>Fields of a name with its text, and of an operator set with its version.</summary>
    internal static class Entry
    {
        public const int Key = 1, Value = 2;
    }
}
