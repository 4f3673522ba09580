using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Organisations;

/// <param name="Until">The day on which it took its next name.</param>
public sealed record FormerName(SortedDictionary<string, string> Names, Edtf Until);

public sealed record Organisation : RecordState
{
    public static readonly Organisation Initial = new();

    public OrganisationDetails? Details { get; init; }
    public IReadOnlyList<FormerName> FormerNames { get; init; } = [];

    public Organisation Evolve(object e, At at) => Fold(e).Seen(at);

    Organisation Fold(object e) => e switch
    {
        OrganisationDescribed x => this with { Details = x },
        OrganisationRenamed x => this with { Details = Details! with { Names = x.Names, Acronyms = x.Acronyms ?? Details.Acronyms }, FormerNames = [.. FormerNames, new(Details.Names, x.On)] },
        OrganisationCorrected x => this with { Details = Corrections.Apply(Details!, RegisterJson.Default.OrganisationDetails, x.Fields) },
        OrganisationWithdrawn => this with { Withdrawn = true },
        _ => throw new UnknownEvent(e),
    };

    // Commands

    public static StreamFacts Describe(string stream, OrganisationDetails d, IReadOnlyList<Locator>? sources)
    {
        CheckNames(d.Names);
        return new(stream, [new(new OrganisationDescribed(d), Sources: sources)], "ORG");
    }

    public IReadOnlyList<Fact> Rename(OrganisationRenamed r, IReadOnlyList<Locator>? sources)
    {
        CheckNames(r.Names);
        return this.Standing("organisation").Details!.Names.SequenceEqual(r.Names) ? [] : [new(r, r.On, sources)];
    }

    public IReadOnlyList<Fact> Correct(Correct c)
    {
        this.Standing("organisation");
        if (c.Of is not null) throw Refusal.OfField("/of", "no-such-item", Reference!, $"{c.Of}");
        var changes = Corrections.Differences(Details!, RegisterJson.Default.OrganisationDetails, c);
        if (changes.Count == 0) return [];
        CheckNames(Corrections.Apply(Details!, RegisterJson.Default.OrganisationDetails, changes).Names);
        return [new(new OrganisationCorrected(changes), Corrects: FirstEvent)];
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of) =>
        of is not null ? throw Refusal.OfField("/of", "no-such-item", Reference ?? "organisation", $"{of}")
        : Withdrawn ? [] : [new(new OrganisationWithdrawn(), Corrects: this.Standing("organisation").FirstEvent)];

    static void CheckNames(SortedDictionary<string, string> names)
    {
        if (names.Count == 0 || names.Values.Any(string.IsNullOrWhiteSpace)) throw Refusal.OfField("/names", "required");
        if (names.Keys.FirstOrDefault(k => k.Length is < 2 or > 3 || !k.All(char.IsAsciiLetterLower)) is { } odd) throw Refusal.OfField($"/names/{odd}", "not-a-language", odd);
    }
}
