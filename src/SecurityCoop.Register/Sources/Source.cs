using System.Text.RegularExpressions;

namespace SecurityCoop.Register.Sources;

public sealed partial record Source : RecordState
{
    public static readonly Source Initial = new();

    public SourceDetails? Details { get; init; }
    public IReadOnlyList<SourceDigestRecorded> Digests { get; init; } = [];
    public IReadOnlyList<string> Notes { get; init; } = [];

    public Source Evolve(object e, At at) => Fold(e, at).Seen(e, at);

    Source Fold(object e, At at) => e switch
    {
        SourceRegistered x => this with { Details = x },
        SourceDigestRecorded x => this with { Digests = [.. Digests, x] },
        SourceNoteAdded x => this with { Notes = [.. Notes, x.Note] },
        SourceReportRecorded or SourceReportPreferred or SourceRefined or SourceCorrected => (Source)this.AfterFields((IAboutFields)e, at),
        SourceWithdrawn { Of: null } => this with { Withdrawn = true },
        SourceWithdrawn => this,
        Markings.IMarkingChange => this,
        _ => throw new UnknownEvent(e),
    };

    public override Part? PartOf(Guid? of) => of is not null ? null : Part.Of(First, Details!, RegisterJson.Of<SourceDetails>(), d => this with { Details = d }, d => d.Published, d => Check(d, "/fields"));

    internal override FieldEvents Events => events;
    static readonly FieldEvents events = new((f, of) => new SourceReportRecorded(f, of), (f, r, old, now, of) => new SourceReportPreferred(f, r, old, now, of), (f, of) => new SourceRefined(f, of), (f, of) => new SourceCorrected(f, of));

    // Commands

    public static StreamFacts Register(string stream, SourceDetails d)
    {
        Check(d);
        return new(stream, [new(new SourceRegistered(d), d.Published)], "SRC");
    }

    public IReadOnlyList<Fact> RecordDigest(SourceDigestRecorded digest)
    {
        this.Standing("source");
        if (!IsSha256(digest.Sha256)) throw Refusal.OfField("/sha256", "not-a-digest");
        return Digests.Any(d => d.Sha256 == digest.Sha256) || Details!.Sha256 == digest.Sha256 ? [] : [new(digest)];
    }

    public IReadOnlyList<Fact> AddNote(string note)
    {
        this.Standing("source");
        return string.IsNullOrWhiteSpace(note) ? throw Refusal.OfField("/note", "required") : [new(new SourceNoteAdded(note))];
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of)
    {
        if (of is null) return Withdrawn ? [] : [new(new SourceWithdrawn(), Corrects: this.Standing("source").FirstEvent)];
        var gone = this.IsWithdrawn(of) ?? throw Refusal.OfField("/of", "no-such-item", Reference ?? "source", $"{of}");
        return gone ? [] : [new(new SourceWithdrawn(of), Corrects: of)];
    }

    public static bool IsSha256(string text) => Hex64().IsMatch(text);

    static void Check(SourceDetails d, string pointer = "")
    {
        if (string.IsNullOrWhiteSpace(d.Title)) throw Refusal.OfField($"{pointer}/title", "required");
        if (d.Sha256 is { } sha && !IsSha256(sha)) throw Refusal.OfField($"{pointer}/sha256", "not-a-digest");
    }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Hex64();
}
