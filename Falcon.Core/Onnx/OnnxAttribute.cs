using Falcon.Weights;

namespace Falcon.Onnx;

/// <summary>A fixed setting of an operation.</summary>
/// <param name="Name">As the operator's specification names it.</param>
/// <param name="Value">A whole number, several, a number of single precision, or a text.</param>
internal readonly record struct OnnxAttribute(string Name, object Value)
{
    /// <summary>The numbers of kinds in onnx.proto.</summary>
    private const int Float = 1, Int = 2, Text = 3, Ints = 7;

    /// <summary>A whole number.</summary>
    public OnnxAttribute(string name, long value) : this(name, (object)value)
    {
    }

    /// <summary>Its message.</summary>
    public OnnxMessage Message()
    {
        var message = new OnnxMessage().Add(OnnxField.Attribute.Name, Name);
        switch (Value)
        {
            case float number:
                return message.Add(OnnxField.Attribute.Float, number).Add(OnnxField.Attribute.Kind, Float);
            case long number:
                return message.Add(OnnxField.Attribute.Int, number).Add(OnnxField.Attribute.Kind, Int);
            case string text:
                return message.Add(OnnxField.Attribute.Text, text).Add(OnnxField.Attribute.Kind, Text);
            default:
                foreach (var number in (long[])Value)
                    message.Add(OnnxField.Attribute.Ints, number);
                return message.Add(OnnxField.Attribute.Kind, Ints);
        }
    }
}
