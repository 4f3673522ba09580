namespace SecurityCoop.Register.Occasions;

public sealed record Occasion : RecordState
{
    public static readonly Occasion Initial = new();

    public OccasionDetails? Details { get; init; }

    public Occasion Evolve(object e, At at) => Fold(e).Seen(at);

    Occasion Fold(object e) => e switch
    {
        OccasionDescribed x => this with { Details = x },
        OccasionCorrected x => this with { Details = Corrections.Apply(Details!, RegisterJson.Default.OccasionDetails, x.Fields) },
        OccasionWithdrawn => this with { Withdrawn = true },
        _ => throw new UnknownEvent(e),
    };

    // Commands

    public static StreamFacts Describe(string stream, OccasionDetails d, IReadOnlyList<Locator>? sources) =>
        string.IsNullOrWhiteSpace(d.What) ? throw Refusal.OfField("/what", "required") : new(stream, [new(new OccasionDescribed(d), d.Date, sources)], "OCC");

    public IReadOnlyList<Fact> Correct(Correct c)
    {
        this.Standing("occasion");
        if (c.Of is not null) throw Refusal.OfField("/of", "no-such-item", Reference!, $"{c.Of}");
        var changes = Corrections.Differences(Details!, RegisterJson.Default.OccasionDetails, c);
        if (changes.Count == 0) return [];
        var described = Corrections.Apply(Details!, RegisterJson.Default.OccasionDetails, changes);
        if (string.IsNullOrWhiteSpace(described.What)) throw Refusal.OfField("/fields/what", "required");
        return [new(new OccasionCorrected(changes), described.Date, Corrects: FirstEvent)];
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of) =>
        of is not null ? throw Refusal.OfField("/of", "no-such-item", Reference ?? "occasion", $"{of}")
        : Withdrawn ? [] : [new(new OccasionWithdrawn(), Corrects: this.Standing("occasion").FirstEvent)];
}
