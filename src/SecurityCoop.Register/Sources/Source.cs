using System.Text.RegularExpressions;

namespace SecurityCoop.Register.Sources;

public sealed partial record Source : RecordState
{
    public static readonly Source Initial = new();

    public SourceDetails? Details { get; init; }
    public IReadOnlyList<SourceDigestRecorded> Digests { get; init; } = [];
    public IReadOnlyList<string> Notes { get; init; } = [];

    public Source Evolve(object e, At at) => Fold(e).Seen(at);

    Source Fold(object e) => e switch
    {
        SourceRegistered x => this with { Details = x },
        SourceDigestRecorded x => this with { Digests = [.. Digests, x] },
        SourceNoteAdded x => this with { Notes = [.. Notes, x.Note] },
        SourceCorrected x => this with { Details = Corrections.Apply(Details!, RegisterJson.Default.SourceDetails, x.Fields) },
        SourceWithdrawn => this with { Withdrawn = true },
        _ => throw new UnknownEvent(e),
    };

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

    public IReadOnlyList<Fact> Correct(Correct c)
    {
        this.Standing("source");
        if (c.Of is not null) throw Refusal.OfField("/of", "no-such-item", Reference!, $"{c.Of}");
        var changes = Corrections.Differences(Details!, RegisterJson.Default.SourceDetails, c);
        if (changes.Count == 0) return [];
        Check(Corrections.Apply(Details!, RegisterJson.Default.SourceDetails, changes));
        return [new(new SourceCorrected(changes), Corrects: FirstEvent)];
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of) =>
        of is not null ? throw Refusal.OfField("/of", "no-such-item", Reference ?? "source", $"{of}")
        : Withdrawn ? [] : [new(new SourceWithdrawn(), Corrects: this.Standing("source").FirstEvent)];

    public static bool IsSha256(string text) => Hex64().IsMatch(text);

    static void Check(SourceDetails d)
    {
        if (string.IsNullOrWhiteSpace(d.Title)) throw Refusal.OfField("/title", "required");
        if (d.Sha256 is { } sha && !IsSha256(sha)) throw Refusal.OfField("/sha256", "not-a-digest");
    }

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Hex64();
}
