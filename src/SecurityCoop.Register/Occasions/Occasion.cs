namespace SecurityCoop.Register.Occasions;

public sealed record Occasion : RecordState
{
    public static readonly Occasion Initial = new();

    public OccasionDetails? Details { get; init; }

    public Occasion Evolve(object e, At at) => Fold(e, at).Seen(e, at);

    Occasion Fold(object e, At at) => e switch
    {
        OccasionDescribed x => this with { Details = x },
        OccasionReportRecorded or OccasionReportPreferred or OccasionRefined or OccasionCorrected => (Occasion)this.AfterFields((IAboutFields)e, at),
        OccasionWithdrawn { Of: null } => this with { Withdrawn = true },
        OccasionWithdrawn => this,
        Markings.IMarkingChange => this,
        _ => throw new UnknownEvent(e),
    };

    public override Part? PartOf(Guid? of) => of is not null ? null : Part.Of(First, Details!, RegisterJson.Of<OccasionDetails>(), d => this with { Details = d }, d => d.Date, d => Check(d, "/fields"));

    internal override FieldEvents Events => events;
    static readonly FieldEvents events = new((f, of) => new OccasionReportRecorded(f, of), (f, r, old, now, of) => new OccasionReportPreferred(f, r, old, now, of), (f, of) => new OccasionRefined(f, of), (f, of) => new OccasionCorrected(f, of));

    // Commands

    public static StreamFacts Describe(string stream, OccasionDetails d, IReadOnlyList<Locator>? sources)
    {
        Check(d, "");
        return new(stream, [new(new OccasionDescribed(d), d.Date, sources)], "OCC");
    }

    static void Check(OccasionDetails d, string pointer)
    {
        if (string.IsNullOrWhiteSpace(d.What)) throw Refusal.OfField($"{pointer}/what", "required");
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of)
    {
        if (of is null) return Withdrawn ? [] : [new(new OccasionWithdrawn(), Corrects: this.Standing("occasion").FirstEvent)];
        var gone = this.IsWithdrawn(of) ?? throw Refusal.OfField("/of", "no-such-item", Reference ?? "occasion", $"{of}");
        return gone ? [] : [new(new OccasionWithdrawn(of), Corrects: of)];
    }
}
