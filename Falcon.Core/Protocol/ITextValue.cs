namespace Falcon.Protocol;

/// <summary>A typed value that files and the command line carry as a short text, which <see cref="object.ToString"/> gives.</summary>
internal interface ITextValue<TSelf> where TSelf : ITextValue<TSelf>
{
    /// <summary>Reads the text back.</summary>
    /// <exception cref="InvalidInputException">The text means nothing.</exception>
    static abstract TSelf Parse(string text);
}
