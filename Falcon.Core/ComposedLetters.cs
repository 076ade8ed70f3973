using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Falcon;

/// <summary>Texts whose letters are composed where they can be (Unicode's form C): macOS stores names with letters and marks apart, keyboards give both in one, and nobody sees the
/// difference. What the machine has for that is not used: it may have nothing, and then returns texts as they are.</summary>
internal static class ComposedLetters
{
    private const int Vowels = 21, Ends = 28, Syllables = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, BeforeEnds = 0x11A7;
    private const int Leads = 19, LastSyllable = Syllables + Leads * Vowels * Ends - 1;

    private static readonly Lazy<FrozenDictionary<(char Letter, char Mark), char>> Pairs = new(Read);

    /// <summary>The text with every letter and mark in one that are one letter, too.</summary>
    public static string Of(string text)
    {
        if (text.All(char.IsAscii))
            return text;
        var composed = new StringBuilder(text.Length);
        var open = 0;
        foreach (var letter in text)
        {
            // Marks above and below stand in any order: those between leave the letter open for a further one.
            if (Join(open, letter) || Join(composed.Length - 1, letter))
                continue;
            composed.Append(letter);
            if (char.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
                open = composed.Length - 1;
        }
        return composed.ToString();

        bool Join(int at, char next)
        {
            if (at < 0 || at >= composed.Length || Both(composed[at], next) is not { } both)
                return false;
            composed[at] = both;
            return true;
        }
    }

    private static char? Both(char before, char next)
    {
        if (before - FirstLead is >= 0 and < Leads && next - FirstVowel is >= 0 and < Vowels)
            return (char)(Syllables + ((before - FirstLead) * Vowels + (next - FirstVowel)) * Ends);
        if (before is >= (char)Syllables and <= (char)LastSyllable && (before - Syllables) % Ends == 0 && next - BeforeEnds is > 0 and < Ends)
            return (char)(before + (next - BeforeEnds));
        return Pairs.Value.TryGetValue((before, next), out var both) ? both : null;
    }

    private static FrozenDictionary<(char Letter, char Mark), char> Read()
    {
        using var lines = new StreamReader(typeof(ComposedLetters).Assembly.GetManifestResourceStream("Falcon.letters.txt")!);
        var pairs = new Dictionary<(char, char), char>();
        foreach (var parts in lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1).Select(line => line.Split(' ')))
            foreach (var pair in parts.Skip(1).Select(pair => pair.Split('=')))
                pairs.Add((Character(pair[0]), Character(parts[0])), Character(pair[1]));
        return pairs.ToFrozenDictionary();
    }

    private static char Character(string digits) => (char)ushort.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
