using System.Text;

namespace Falcon.Data;

/// <summary>What people call folders of good parts.</summary>
internal static class NormalKind
{
    /// <summary>What normal images are called where nobody has named them.</summary>
    public const string Usual = "good";

    private static readonly HashSet<string> Known =
    [
        "good", "goods", "ok", "okay", "oks", "io", "normal", "normals", "gut", "pass", "passed", "accept", "accepted", "clean", "healthy", "intact", "perfect", "pristine", "flawless",
        "undamaged", "unbroken", "sound", "nodefect", "nodefects", "noanomaly", "noanomalies", "nofault", "nondefective", "nondefect", "nonanomalous", "nonanomaly", "defectfree", "defectless",
        "faultless", "faultfree", "anomalyfree", "conforming", "conform", "goodparts", "goodpart", "okparts", "normalparts", "inordnung", "fehlerfrei", "gutteile", "bon", "bonne", "bons", "conforme",
        "buono", "buoni", "bueno", "buenos", "bom", "goed", "dobry", "dobre", "iyi", "норма", "годный", "годные", "хороший", "хорошие", "良品", "良", "合格", "合格品", "正常", "正常品", "好", "양품", "정상",
    ];

    private static readonly HashSet<string> Ambiguous =
    [
        "negative", "negatives", "neg", "0", "1", "false", "true", "no", "none", "null", "n", "fine", "free", "regular", "standard", "reference", "references", "ref", "golden", "master", "class0",
        "label0", "baseline", "background", "other", "others", "unknown", "unlabeled", "unlabelled",
    ];

    private static readonly HashSet<string> Denials = ["not", "no", "non", "un", "nicht", "kein", "keine", "n", "ng", "bad", "anti"];

    /// <summary>Whether a folder of this name holds normal images, in whatever case of letters, with whatever between them.</summary>
    public static bool Is(string name) => Known.Contains(string.Concat(Words(name)));

    /// <summary>Whether a name may mean normal images as well as a kind of defect.</summary>
    public static bool IsAmbiguous(string name)
    {
        if (Is(name))
            return false;
        var words = Words(name);
        return Ambiguous.Contains(string.Concat(words)) || (words.Any(word => Known.Contains(word.TrimEnd("0123456789".ToCharArray()))) && !words.Any(Denials.Contains));
    }

    // Latin letters of Chinese and Japanese keyboards may be as wide as the others: ＯＫ.
    private static char Narrow(char letter) => letter is >= '！' and <= '～' ? (char)(letter - '！' + '!') : letter;

    private static List<string> Words(string name)
    {
        List<string> words = [];
        var word = new StringBuilder();
        foreach (var letter in ComposedLetters.Of(name).Select(Narrow).Select(char.ToLowerInvariant))
        {
            if (char.IsLetterOrDigit(letter))
                word.Append(letter);
            else
                End();
        }
        End();
        return words;

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }
}
