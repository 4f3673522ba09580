namespace SecurityCoop.Register;

/// <summary>
/// How long what is given may be: of each text by the name of its field, of each list too, wherever the field stands. The one table of
/// it; the interface reads bodies with it
/// and describes them with it, so that no event grows beyond what a reader of the log can hold.
/// </summary>
public static class Limits
{
    const int UsualText = 500, UsualList = 50;

    /// <summary>The longest name of a field, the most members of an object, and the most different records that a command may
    /// name.</summary>
    public const int FieldName = 100, Members = 50, NamedRecords = 500;

    /// <summary>The longest question of a search, and what names and narrows a calendar.</summary>
    public const int Question = 300, CalendarName = 100, CalendarOwner = 200;

    /// <summary>Parties of one instrument.</summary>
    public const int Parties = 30;

    // In characters (Unicode scalar values), as JSON Schema counts them.
    static readonly Dictionary<string, int> texts = new(StringComparer.Ordinal)
    {
        ["text"] = 10_000, ["note"] = 10_000,
        ["reason"] = 2_000, ["what"] = 2_000, ["legalBasis"] = 2_000, ["url"] = 2_000,
        ["communique"] = 1 << 20,
        ["title"] = 1_000, ["description"] = 1_000,
    };

    static readonly Dictionary<string, int> lists = new(StringComparer.Ordinal)
    {
        ["statements"] = 200,
        ["partners"] = 100, ["topics"] = 100, ["followUps"] = 100,
        ["source"] = 20,
    };

    /// <summary>The most characters of a text in the field of this name.</summary>
    public static int OfText(string field) => texts.GetValueOrDefault(field, UsualText);

    /// <summary>The most items of a list in the field of this name.</summary>
    public static int OfList(string field) => lists.GetValueOrDefault(field, UsualList);

    /// <summary>Characters as the table counts them: a surrogate pair is one.</summary>
    public static int LengthOf(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes()) count++;
        return count;
    }

    /// <exception cref="Refusal">too-long at the pointer, with what is allowed and what was given.</exception>
    public static void Text(string text, int longest, string pointer)
    {
        // No text has more characters than code units: most are not counted.
        if (text.Length > longest && LengthOf(text) is var given && given > longest)
            throw Refusal.OfField(pointer, "too-long", FormattableString.Invariant($"{longest}"), FormattableString.Invariant($"{given}"));
    }

    /// <exception cref="Refusal">too-many at the pointer, with what is allowed and what was given.</exception>
    public static void Count(int given, int most, string pointer)
    {
        if (given > most)
            throw Refusal.OfField(pointer, "too-many", FormattableString.Invariant($"{most}"), FormattableString.Invariant($"{given}"));
    }
}
