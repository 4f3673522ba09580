using System.Security.Cryptography;
using System.Text;
using SecurityCoop.Intake.Lexicons;
using SecurityCoop.Intake.Reading;
using SecurityCoop.Intake.Text;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake;

/// <summary>
/// Reads a communiqué and proposes what to record of it (docs/intake.md). Pure: the same text, lexicon and known facts give the same
/// proposal on every machine. Never throws, whatever the text.
/// </summary>
public sealed class IntakeReader(Lexicon lexicon)
{
    /// <summary>With the lexicons that the register brings along.</summary>
    public static readonly IntakeReader Default = new(Lexicon.Default);

    /// <summary>Proposes records. A text without any gives an empty proposal with its sentences.</summary>
    public IntakeProposal Read(string text, KnownOfText? known = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = new SourceText(text);
        var language = known?.Language is { } given ? Proposed<string>.Of(given, Sureness.High)
            : Proposed<string>.Of(Languages.Of(source), Sureness.Medium);
        List<SentenceReading> sentences = [.. source.Sentences.Select((s, i) =>
            new SentenceReading(text, s, source.Words[i], lexicon, language.Value))];
        var published = Published(source, sentences, known);
        var day = new DocumentDay(published.Value.IsUnknown ? null : published.Value);
        var meetings = new MeetingFinder(sentences, day);
        meetings.Find();
        List<IntakeNote> notes = [.. meetings.Notes];
        var statements = new StatementFinder(sentences, meetings, notes).Find();
        var made = new ProposalMaker(meetings.Meetings, day, language.Value);
        var used = statements.SelectMany(s => s.Sentences).Select(s => s.Index)
            .Concat(meetings.Meetings.SelectMany(m => m.Sentences).Select(s => s.Index)).ToHashSet();
        if (meetings.Meetings.Count == 0) notes.Add(new("no-meeting", []));
        List<ProposedMeeting> proposed = [.. meetings.Meetings.Select(made.Meeting)];
        notes.AddRange(proposed.Where(m => m.Date.Value.IsUnknown).Select(m => new IntakeNote("no-date", m.Date.Because)));
        return new(
            new(Publisher(sentences, known), published, language, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))),
                source.Sentences, proposed,
            [.. statements.Select(made.Statement)], made.Acts(sentences, meetings), made.Occasions(sentences),
            [.. source.Sentences.Select(s => s.Index).Where(i => !used.Contains(i))], notes);
    }

    static Proposed<Edtf> Published(SourceText source, List<SentenceReading> sentences, KnownOfText? known)
    {
        if (known?.Published is { IsUnknown: false } given) return Proposed<Edtf>.Of(given, Sureness.High);
        if (source.HeaderDate is { } header) return Proposed<Edtf>.Of(header, Sureness.High, source.HeaderSpan);
        // A dateline: "Rabat, 27 janvier 2026 (MAP) –" at the head of the first paragraphs.
        var none = new DocumentDay(null);
        foreach (var s in sentences.Take(3))
            foreach (var date in none.Find(s, 0, Math.Min(s.Tokens.Count, 9)))
                if (date is { Doubtful: false, Date: { IsInterval: false, Earliest: { } first, Latest: { } last } } && first == last
                    && !s.Of("meet.held").Any(h => h.Start < date.Start)) return Proposed<Edtf>.Of(date.Date, Sureness.Medium,
                        s.Span(date.Start, date.End));
        return Proposed<Edtf>.Of(Edtf.Unknown, Sureness.Low);
    }

    static Proposed<string?> Publisher(List<SentenceReading> sentences, KnownOfText? known)
    {
        if (known?.Publisher is { } given) return Proposed<string?>.Of(given, Sureness.High);
        foreach (var s in sentences)
            foreach (var agency in s.Of("publisher"))
                return Proposed<string?>.Of(s.Text(agency.Start, agency.End), Sureness.Medium, s.Span(agency));
        return Proposed<string?>.Of(null, Sureness.Low);
    }
}
