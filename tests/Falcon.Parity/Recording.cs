using Falcon.Data;

namespace Falcon.Parity;

/// <summary>How a fixture is to be drawn.</summary>
/// <param name="Tag">Stands before every key of the weight rule; see <see cref="ParityFixture.Tag"/>.</param>
/// <param name="Images">Images of a batch.</param>
/// <param name="Size">Their size; a method that needs more takes more.</param>
public sealed record Recording(string Tag, int Images, InputSize Size);
