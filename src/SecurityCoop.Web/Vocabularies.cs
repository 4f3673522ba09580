using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Organisations;

namespace SecurityCoop.Web;

/// <summary>Codes that come from outside are checked here, against the vocabulary that the office may have extended.</summary>
public static class Known
{
    /// <exception cref="Refusal">unknown-partner.</exception>
    public static void Partners(IReadOnlyList<string>? codes, string pointer)
    {
        foreach (var (code, i) in (codes ?? []).Select((c, i) => (c, i))) Partner(code, $"{pointer}/{i}");
    }

    public static void Partner(string code, string pointer)
    {
        if (!IsPartner(code)) throw Refusal.OfField(pointer, "unknown-partner", code, Suggestion(code));
    }

    /// <summary>The partners that a text probably means, the likeliest first.</summary>
    public static IReadOnlyList<string> Meant(string text) => PartnerCodes.Meant(text) is { Count: > 0 } meant ? meant
        : [.. PartnerDirectory.Given.Where(given => ((string[])[given.Key, given.Value.Fr, given.Value.En, given.Value.Ar])
            .Any(name => PartnerCodes.SameName(name, text))).Select(given => given.Key).Order(StringComparer.Ordinal)];

    /// <summary>The same as a refusal ends with them, "GB?"; empty where there are none. The same in every language.</summary>
    public static string Suggestion(string text) => string.Join(' ', Meant(text).Where(c => c != text).Select(c => $"{c}?"));

    /// <summary>Checks the partner that a list is narrowed to.</summary>
    public static void PartnerOrNull(string? code)
    {
        if (code is not null) Partner(code, "?partner");
    }

    /// <summary>Checks a parameter that takes one of a few codes.</summary>
    /// <exception cref="Refusal">unknown-code, with the codes that there are.</exception>
    public static void OneOf(string parameter, string? value, IEnumerable<string> codes)
    {
        if (value is not null && !codes.Contains(value)) throw Refusal.OfField(parameter, "unknown-code", value, string.Join(" ", codes));
    }

    /// <summary>The enumeration's value of a parameter; null where it is not given.</summary>
    /// <exception cref="Refusal">unknown-code, with the codes that there are.</exception>
    public static T? OneOf<T>(string parameter, string? value) where T : struct, Enum => value is null ? null
        : Slug.TryParse<T>(value, out var known) ? known : throw Refusal.OfField(parameter, "unknown-code", value, string.Join(" ", Enum.GetValues<T>().Select(v => Slug.Of(v))));

    public static bool IsPartner(string code) =>
        Countries.IsKnown(code) || Terms.PartnerOrganisations.ContainsKey(code) || PartnerDirectory.Given.ContainsKey(code);

    /// <summary>The partner's name in three languages.</summary>
    public static Label PartnerName(string code) => Countries.IsKnown(code) ? Countries.Name(code)
        : Terms.PartnerOrganisations.GetValueOrDefault(code) ?? PartnerDirectory.Given.GetValueOrDefault(code) ?? new(code, code, code);

    /// <exception cref="Refusal">unknown-topic.</exception>
    public static void Topics(IReadOnlyList<string>? codes, string pointer)
    {
        foreach (var (code, i) in (codes ?? []).Select((c, i) => (c, i))) Topic(code, $"{pointer}/{i}");
    }

    public static void Topic(string code, string pointer)
    {
        if (!Terms.Topics.ContainsKey(code)) throw Refusal.OfField(pointer, "unknown-topic", code, string.Join(" ", Terms.Topics.Keys));
    }

    /// <exception cref="Refusal">unknown-kind.</exception>
    public static void MeetingKind(string kind, string pointer) => Kind(Terms.MeetingKinds, kind, pointer);
    public static void InstrumentKind(string kind, string pointer) => Kind(Terms.InstrumentKinds, kind, pointer);

    static void Kind(IReadOnlyDictionary<string, Label> kinds, string kind, string pointer)
    {
        if (!kinds.ContainsKey(kind)) throw Refusal.OfField(pointer, "unknown-kind", kind, string.Join(" ", kinds.Keys));
    }

    static Vocabulary Terms => Vocabulary.Default;
}
