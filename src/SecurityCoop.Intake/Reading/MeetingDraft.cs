using SecurityCoop.Intake.Lexicons;

namespace SecurityCoop.Intake.Reading;

/// <summary>A meeting as it is put together from the sentences that tell of it.</summary>
sealed class MeetingDraft
{
    internal required List<string> Partners { get; set; }
    /// <summary>Where the text first tells of it: its sentence, and its place in a list there.</summary>
    internal (int Sentence, int Place) Order { get; set; }
    internal required bool IsPlanned { get; set; }
    internal required List<string> Listed { get; init; }
    internal Sureness Sure { get; set; } = Sureness.High;
    internal List<SentenceReading> Sentences { get; } = [];
    internal List<TextSpan> Because { get; } = [];
    internal List<NamedPerson> People { get; } = [];
    internal List<(string Text, string? Partner, TextSpan Span)> Unnamed { get; } = [];
    internal DateMention? Date { get; set; }
    internal TextSpan DateSpan { get; set; }
    internal (string Name, TextSpan Span)? Place { get; set; }
    internal (string? Name, TextSpan Span)? HomeBody { get; set; }
    internal List<(int Sentence, Found Found)> Kinds { get; } = [];
    internal bool HasAmbassador { get; set; }
    /// <summary>A lead sentence that lists several meetings.</summary>
    internal bool IsSummary { get; set; }

    internal bool IsWith(NamedPerson person) => People.Exists(p => p.Partner is not null && SameName(p.Name, person.Name));

    internal static bool SameName(string a, string b) => a == b || a.EndsWith(" " + b, StringComparison.Ordinal)
        || b.EndsWith(" " + a, StringComparison.Ordinal);

    /// <summary>Kinds in the order in which they are asked for: what is said more exactly goes first.</summary>
    static readonly string[] order =
        ["call", "signing-ceremony", "periodic-commission", "working-meeting", "ambassador", "courtesy-call", "delegation-visit",
            "conference", "visit"];

    /// <summary>What the first sentences say; later ones tell of parts: of a visit, its working sessions.</summary>
    internal (string Slug, Sureness Sure, TextSpan? Because) Kind()
    {
        var kind = KindOf(1);
        for (var count = 2; count <= Sentences.Count && kind.Slug is "talks" or "visit"; count++) kind = KindOf(count);
        return kind;
    }

    (string Slug, Sureness Sure, TextSpan? Because) KindOf(int count)
    {
        var first = Sentences.Take(count).ToList();
        foreach (var kind in order)
        {
            if (kind == "ambassador")
            {
                if (HasAmbassador) return ("ambassador-talks", Sureness.High, null);
                continue;
            }
            var (at, found) = Kinds.Find(k => k.Found.Name == kind && first.Exists(s => s.Index == k.Sentence));
            if (found.Key is null) continue;
            return (kind, kind is "visit" or "conference" ? Sureness.Medium : Sureness.High, first.Find(s => s.Index == at)!.Span(found));
        }
        return ("talks", Sureness.Medium, null);
    }
}
