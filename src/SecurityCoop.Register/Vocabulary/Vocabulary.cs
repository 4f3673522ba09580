using System.Text.Json;
using System.Text.RegularExpressions;

namespace SecurityCoop.Register.Vocabulary;

/// <summary>
/// The words that an office can extend: data, not enums. <see cref="Default"/> is what the register brings along (vocabulary.json); an office
/// adds codes of its own with a file of the same form. Codes stand in stored events, so a code keeps its meaning for ever: a file may add, never
/// redefine. Tables keep the order of the files.
/// </summary>
public sealed partial class Vocabulary
{
    public static readonly Vocabulary Default = ReadDefault();

    Vocabulary(VocabularyFile file) => tables = file;

    readonly VocabularyFile tables;

    /// <summary>What is talked about: CT, TOC, …</summary>
    public IReadOnlyDictionary<string, Label> Topics => tables.Topics;

    /// <summary>By slug: working-meeting, ambassador-talks, …</summary>
    public IReadOnlyDictionary<string, Label> MeetingKinds => tables.MeetingKinds;

    /// <summary>By slug: letter-of-intent, mou, …</summary>
    public IReadOnlyDictionary<string, Label> InstrumentKinds => tables.InstrumentKinds;

    /// <summary>
    /// Partners that are no country: INTERPOL, EU, … A code is never a country's (the African Union is AFRICANUNION, since AU is Australia); EU and
    /// UN are safe, since ISO 3166-1 keeps them reserved for these two. No other may have two letters.
    /// </summary>
    public IReadOnlyDictionary<string, Label> PartnerOrganisations => tables.PartnerOrganisations;

    /// <summary>This vocabulary and the codes of one more file, which may leave out any of the four tables.</summary>
    /// <param name="json">UTF-8, in the form of vocabulary.json; not closed.</param>
    /// <exception cref="JsonException">Not of that form, or a label lacks a language.</exception>
    /// <exception cref="FormatException">A code that exists already or has not the form of its table's codes, or an empty label.</exception>
    public Vocabulary With(Stream json)
    {
        var more = Read(json);
        return new(new VocabularyFile
        {
            Topics = Merged("topics", tables.Topics, more.Topics, TopicCode()),
            MeetingKinds = Merged("meetingKinds", tables.MeetingKinds, more.MeetingKinds, KindSlug()),
            InstrumentKinds = Merged("instrumentKinds", tables.InstrumentKinds, more.InstrumentKinds, KindSlug()),
            PartnerOrganisations = Merged("partnerOrganisations", tables.PartnerOrganisations, more.PartnerOrganisations, OrganisationCode()),
        });
    }

    static Vocabulary ReadDefault()
    {
        using var file = LabelJson.Embedded("vocabulary.json");
        return new Vocabulary(new VocabularyFile()).With(file);
    }

    static VocabularyFile Read(Stream json) =>
        JsonSerializer.Deserialize(json, LabelJson.Default.VocabularyFile) ?? throw new JsonException("A vocabulary is an object, not null.");

    static Dictionary<string, Label> Merged(string table, Dictionary<string, Label> known, Dictionary<string, Label> more, Regex form)
    {
        var merged = new Dictionary<string, Label>(known);
        foreach (var (code, label) in more)
        {
            if (!form.IsMatch(code)) throw new FormatException($"{table}: '{code}' has not the form of a code ({form}).");
            // The reader holds constructors to their annotations, but not a dictionary's values.
            if (label is null || new[] { label.Fr, label.En, label.Ar }.Any(string.IsNullOrWhiteSpace)) throw new FormatException($"{table}: '{code}' has an empty label.");
            if (!merged.TryAdd(code, label)) throw new FormatException($"{table}: '{code}' exists already, and a code keeps its meaning.");
        }
        return merged;
    }

    [GeneratedRegex(@"^[A-Z][A-Z0-9]{1,7}\z")]
    private static partial Regex TopicCode();

    [GeneratedRegex(@"^[a-z]+(-[a-z]+)*\z")]
    private static partial Regex KindSlug();

    // Without a hyphen, since references are read by theirs (INTERPOL-MTG-0001); MUL, PER, ORG, SRC and OCC begin references of other kinds.
    [GeneratedRegex(@"^(EU|UN|(?!(MUL|PER|ORG|SRC|OCC)\z)[A-Z][A-Z0-9]{2,15})\z")]
    private static partial Regex OrganisationCode();
}

/// <summary>
/// A vocabulary file; a table that is left out is empty. The properties are settable because generated JSON code overwrites an init property that
/// the file leaves out with null.
/// </summary>
sealed class VocabularyFile
{
    public Dictionary<string, Label> Topics { get; set; } = [];
    public Dictionary<string, Label> MeetingKinds { get; set; } = [];
    public Dictionary<string, Label> InstrumentKinds { get; set; } = [];
    public Dictionary<string, Label> PartnerOrganisations { get; set; } = [];
}
