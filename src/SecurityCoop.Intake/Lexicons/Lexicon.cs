using SecurityCoop.Intake.Text;

namespace SecurityCoop.Intake.Lexicons;

/// <summary>Words of a lexicon that were found in a sentence: tokens from <see cref="Start"/> up to, not with, <see cref="End"/>.</summary>
readonly record struct Found(string Key, int Start, int End)
{
    internal bool Is(string key) => Key == key;
    /// <summary>What stands behind the point: topic.CT is CT.</summary>
    internal string Name => Key[(Key.IndexOf('.', StringComparison.Ordinal) + 1)..];
    internal bool Begins(string key) => Key.StartsWith(key, StringComparison.Ordinal);
}

/// <summary>
/// The words by which texts are read: every pattern of every lexicon file, with an index by the first word. <see cref="Default"/> is what
/// the intake brings along; an office adds files of the same form.
/// </summary>
public sealed class Lexicon
{
    const int StemLetters = 3;

    readonly Dictionary<string, List<Pattern>> byWord = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<Pattern>> byStem = new(StringComparer.Ordinal);
    readonly List<Pattern> shortStems = [];
    readonly Dictionary<string, List<(string Written, string? Language)>> lines = new(StringComparer.Ordinal);

    /// <summary>French, English and Arabic.</summary>
    public static readonly Lexicon Default = Embedded();

    Lexicon() { }

    /// <summary>This lexicon and the lines of one more file.</summary>
    /// <exception cref="FormatException">A line is not of the form "key = pattern ; pattern".</exception>
    /// <param name="language">fr, en, ar or another; null: of texts in every language.</param>
    public Lexicon With(string file, string? language)
    {
        var more = new Lexicon();
        foreach (var (key, patterns) in lines)
            foreach (var (pattern, of) in patterns) more.Add(key, pattern, of);
        more.Read(file, language);
        return more;
    }

    /// <summary>The keys of all lines.</summary>
    public IReadOnlyCollection<string> Keys => lines.Keys;

    internal IEnumerable<string> Written(string key) => (lines.GetValueOrDefault(key) ?? []).Select(l => l.Written);

    static Lexicon Embedded()
    {
        var assembly = typeof(Lexicon).Assembly;
        return Of(assembly.GetManifestResourceNames().Where(n => n.StartsWith("Lexicons/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (reader.ReadToEnd(), name.Split('/') is [_, var folder, _] ? folder : null);
            }));
    }

    /// <summary>Of the texts of lexicon files, each with its language, and the names of all partners.</summary>
    internal static Lexicon Of(IEnumerable<(string File, string? Language)> files)
    {
        var lexicon = new Lexicon();
        foreach (var (file, language) in files) lexicon.Read(file, language);
        lexicon.AddPartners();
        return lexicon;
    }

    void Read(string file, string? language)
    {
        foreach (var line in file.Split('\n'))
        {
            if (line.Trim() is not { Length: > 0 } told || told[0] == '#') continue;
            var at = told.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) throw new FormatException($"'{told}' is not of the form \"key = pattern ; pattern\".");
            var key = told[..at].Trim();
            if (char.IsUpper(key[0])) key = "partner." + key;
            foreach (var pattern in told[(at + 1)..].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                foreach (var each in Pattern.Phrases(pattern)) Add(key, each, language);
        }
    }

    // Every partner by its names in the register's vocabulary, but for those that the file leaves out.
    void AddPartners()
    {
        var skipped = Written("skip").ToHashSet(StringComparer.Ordinal);
        foreach (var (code, label) in Register.Vocabulary.Countries.All)
            if (!skipped.Contains(code))
                foreach (var name in new[] { label.Fr, label.En, label.Ar }.Distinct(StringComparer.Ordinal))
                    if (Plain(name) is { Length: > 2 } plain) Add("partner." + code, plain, null);
    }

    static string Plain(string name) =>
        string.Join(' ', name.Split([' ', '-', '\'', '’', '(', ')', '&', ',', '.', '،'], StringSplitOptions.RemoveEmptyEntries));

    void Add(string key, string written, string? language)
    {
        if (!lines.TryGetValue(key, out var patterns)) lines[key] = patterns = [];
        patterns.Add((written, language));
        if (key == "skip") return;
        var pattern = new Pattern(key, written, language);
        foreach (var (text, isStem) in pattern.Beginnings)
        {
            if (!isStem) In(byWord, text).Add(pattern);
            else if (text.Length < StemLetters) shortStems.Add(pattern);
            else In(byStem, text[..StemLetters]).Add(pattern);
        }
    }

    static List<Pattern> In(Dictionary<string, List<Pattern>> index, string word) =>
        index.TryGetValue(word, out var known) ? known : index[word] = [];

    /// <summary>Everything that is found in a sentence of a text in a language, by where it begins. Marks its small words.</summary>
    internal List<Found> Find(List<Token> tokens, string language)
    {
        foreach (var token in tokens) token.IsSmall = IsSmall(token, language);
        var (found, seen) = (new List<Found>(), new HashSet<Found>());
        var tried = new HashSet<Pattern>();
        for (var at = 0; at < tokens.Count; at++)
        {
            tried.Clear();
            foreach (var form in tokens[at].Forms)
            {
                if (byWord.TryGetValue(form, out var words)) Try(words);
                if (form.Length >= StemLetters && byStem.TryGetValue(form[..StemLetters], out var stems)) Try(stems);
            }
            if (shortStems.Count > 0) Try(shortStems);

            void Try(List<Pattern> patterns)
            {
                foreach (var pattern in patterns)
                    if ((pattern.Language is null || pattern.Language == language) && tried.Add(pattern)
                        && pattern.Match(tokens, at) is > 0 and var end && seen.Add(new(pattern.Key, at, end))) found.Add(new(pattern.Key,
                        at, end));
            }
        }
        return found;
    }

    bool IsSmall(Token token, string language)
    {
        if (token.Folded.Length == 1) return true;
        foreach (var form in token.Forms)
            if (byWord.TryGetValue(form, out var patterns))
                foreach (var pattern in patterns)
                    if (pattern.Key == "small" && pattern.Language == language) return true;
        if (token.Folded.Length >= StemLetters && byStem.TryGetValue(token.Folded[..StemLetters], out var stems))
            foreach (var pattern in stems)
                if (pattern.Key == "small" && pattern.Language == language
                    && pattern.Beginnings.Any(b => token.Begins(b.Text))) return true;
        return false;
    }
}
