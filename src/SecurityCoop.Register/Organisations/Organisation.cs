using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Register.Organisations;

/// <param name="Until">The day on which it took its next name.</param>
public sealed record FormerName(SortedDictionary<string, string> Names, Edtf Until);

public sealed record Organisation : RecordState
{
    public static readonly Organisation Initial = new();

    public OrganisationDetails? Details { get; init; }
    public IReadOnlyList<FormerName> FormerNames { get; init; } = [];

    /// <summary>The code under which it is a partner; null where it is none.</summary>
    public string? PartnerCode { get; init; }

    public Organisation Evolve(object e, At at) => Fold(e, at).Seen(e, at);

    Organisation Fold(object e, At at) => e switch
    {
        OrganisationDescribed x => this with { Details = x },
        OrganisationRenamed x => this with { Details = Details! with { Names = x.Names, Acronyms = x.Acronyms ?? Details.Acronyms }, FormerNames = [.. FormerNames, new(Details.Names, x.On)] },
        OrganisationPartnerCodeGiven x => this with { PartnerCode = x.Code },
        OrganisationReportRecorded or OrganisationReportPreferred or OrganisationRefined or OrganisationCorrected => (Organisation)this.AfterFields((IAboutFields)e, at),
        OrganisationMerged or OrganisationAbsorbed => this.Merged(e),
        OrganisationWithdrawn { Of: null } => this with { Withdrawn = true },
        OrganisationWithdrawn => this,
        Markings.IMarkingChange => this,
        _ => throw new UnknownEvent(e),
    };

    public override Part? PartOf(Guid? of) => of is not null ? null : Part.Of(First, Details!, RegisterJson.Of<OrganisationDetails>(), d => this with { Details = d }, _ => null, d => CheckNames(d.Names, "/fields"));

    internal override FieldEvents Events => events;
    static readonly FieldEvents events = new((f, of) => new OrganisationReportRecorded(f, of), (f, r, old, now, of) => new OrganisationReportPreferred(f, r, old, now, of), (f, of) => new OrganisationRefined(f, of), (f, of) => new OrganisationCorrected(f, of));

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

    /// <param name="taken">Whether it is a partner's code already.</param>
    /// <exception cref="Refusal">withdrawn, not-a-partner-code, partner-code-fixed, partner-code-taken.</exception>
    public IReadOnlyList<Fact> GivePartnerCode(string code, bool taken)
    {
        var reference = this.Standing("organisation").Reference;
        if (PartnerCode == code) return [];
        if (!PartnerCodes.MayBeGiven(code)) throw Refusal.OfField("/code", "not-a-partner-code", code);
        if (PartnerCode is { } has) throw Refusal.Because("partner-code-fixed", reference ?? "organisation", has);
        if (taken) throw Refusal.OfField("/code", "partner-code-taken", code);
        return [new(new OrganisationPartnerCodeGiven(code))];
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of)
    {
        if (of is null) return Withdrawn ? [] : [new(new OrganisationWithdrawn(), Corrects: this.Standing("organisation").FirstEvent)];
        var gone = this.IsWithdrawn(of) ?? throw Refusal.OfField("/of", "no-such-item", Reference ?? "organisation", $"{of}");
        return gone ? [] : [new(new OrganisationWithdrawn(of), Corrects: of)];
    }

    static void CheckNames(SortedDictionary<string, string> names, string pointer = "")
    {
        if (names.Count == 0 || names.Values.Any(string.IsNullOrWhiteSpace)) throw Refusal.OfField($"{pointer}/names", "required");
        if (names.Keys.FirstOrDefault(k => k.Length is < 2 or > 3 || !k.All(char.IsAsciiLetterLower)) is { } odd) throw Refusal.OfField($"{pointer}/names/{odd}", "not-a-language", odd);
    }
}
