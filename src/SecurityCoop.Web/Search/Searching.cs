using System.Globalization;
using System.Text.RegularExpressions;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.People;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Search;

/// <param name="Text">What was typed.</param>
/// <param name="Kind">A kind of record, or "statement".</param>
/// <param name="From">Only what may have happened on that day or later.</param>
public sealed record Question(string Text, string? Partner, string? Kind, string? Topic, DateOnly? From, DateOnly? To);

/// <summary>Whether people's names were searched: not for whom may not see them, and not before they have been opened for the first time after the host's start.</summary>
public enum NameSearch { Searched, Withheld, Loading }

/// <param name="Found">In their order.</param>
/// <param name="Position">Up to which the answer speaks.</param>
/// <param name="Current">False while the index is being made: what was recorded after the position is missing then.</param>
/// <param name="All">False where so many records had the words that only some were looked at.</param>
public sealed record SearchResult(IReadOnlyList<Found> Found, NameSearch Names, long Position, bool Current, bool All);

/// <summary>
/// Finds records and statements by words. The indexes only say where to look, and only of what the caller may see, so that a word that stands in hidden records alone
/// makes no more work than one that stands nowhere. Each candidate is read as it stands; what was hidden since is dropped, the rest matched and ranked by its own text.
/// </summary>
public sealed partial class Searching(RegisterStore store, WordIndex index, NameIndex names)
{
    const int MostTerms = 20;
    const double Named = 2; // The score of a record whose reference was typed: above every other.

    static readonly (string Code, string[] Words)[] codes =
        [.. RecordText.Codes.Select(c => (c.Code, ((string[])[c.Label.Fr, c.Label.En, c.Label.Ar, .. Partner(c.Code)]).SelectMany(TextWords.Of).Select(w => w.Folded).Distinct().ToArray()))];

    // A topic may bear a country's three letters: aliases are a partner's only.
    static IReadOnlyList<string> Partner(string code) => Register.Vocabulary.Vocabulary.Default.Topics.ContainsKey(code) ? [] : Register.Vocabulary.PartnerCodes.Aliases(code);

    public static IEnumerable<string> Kinds => RecordKinds.All.OfType<IServedKind>().Select(k => k.Name).Append(RecordText.Statement);

    /// <exception cref="Refusal">required, at ?q, where there is no word in it.</exception>
    public async Task<SearchResult> Find(Question asked, Caller caller, CancellationToken stop)
    {
        var terms = await Terms(asked.Text, stop);
        if (terms.Count == 0) throw Refusal.OfField("?q", "required");
        var narrowed = ((string?[])[asked.Partner, asked.Topic]).OfType<string>().Select(c => $"'{WordIndex.CodeWord(c)}'");
        var candidates = await index.Find([.. terms.Select(t => t.Question)], narrowed, asked.Kind == RecordText.Statement ? null : asked.Kind, caller.Rights, stop);

        var (like, of) = (NameForm.Of(0, asked.Text), NameSearch.Withheld);
        IReadOnlyDictionary<string, IReadOnlyList<NameForm>> people = new Dictionary<string, IReadOnlyList<NameForm>>();
        if (caller.MayOpenNames)
        {
            of = names.Ready ? NameSearch.Searched : NameSearch.Loading;
            if (names.Ready) people = await names.Find(like, caller.Rights, stop);
        }

        var reference = Reference().Match(asked.Text.Trim()) is { Success: true } r ? ReferenceOf(r) : null;
        var named = reference is null ? null : await index.Named(reference, caller.Rights, stop);
        var things = await Things([.. candidates.Streams.Concat(people.Keys).Append(named).OfType<string>().Distinct()], asked, caller, stop);
        var lexemes = await index.Lexemes(things.SelectMany(t => t.Places).SelectMany(p => p.Texts).SelectMany(TextWords.Of).Select(w => w.Folded), stop);
        List<Found> found = [.. things.Select(t => t.Number is null && (t.Stream == named || t.Absorbed.Any(a => a.Stream == named))
            ? Exactly(t, reference!) : Ranking.Rank(t, terms, lexemes, like, Forms(t))).OfType<Found>()];
        // Of people, no others beside those who are meant. It is found out of what the caller may see, and so tells nothing else.
        var least = found.Where(f => f.Names.Count > 0).Select(f => f.Sure).DefaultIfEmpty(0).Max() - NameBook.Margin;
        found.RemoveAll(f => f.Names.Count > 0 && f.Sure < least);
        return new([.. found.OrderByDescending(f => f.Score).ThenByDescending(f => f.Thing.On?.Latest).ThenBy(f => f.Thing.Record.Reference, StringComparer.Ordinal).ThenBy(f => f.Thing.Number)],
            of, candidates.Through, candidates.Current, candidates.All);

        IReadOnlyList<NameForm> Forms(Thing t) => [.. t.Absorbed.Prepend((t.Stream, t.Record)).SelectMany(h => h.Record is not Person { Erased: null } p || !people.TryGetValue(h.Stream, out var forms) ? []
            : forms.Where(f => p.Names.Any(n => n.Position == f.Position && n.Kind != NameKind.Contact && !n.Withdrawn)))];
    }

    // The words that are looked for. Words of grammar, articles and forms of address are left out, unless there is nothing else.
    async Task<IReadOnlyList<Term>> Terms(string text, CancellationToken stop)
    {
        var all = TextWords.Of(text).ToList();
        var articles = all.Zip(all.Skip(1)).Where(p => NameForms.IsArticle(p.First.Folded, p.Second.Folded)).Select(p => p.First.Folded).ToHashSet(StringComparer.Ordinal);
        var words = all.DistinctBy(w => w.Folded).Take(MostTerms).ToList();
        var lexemes = await index.Lexemes(words.Select(w => w.Folded).Concat(codes.SelectMany(c => c.Words)), stop);
        var terms = new List<Term>();
        foreach (var word in words)
        {
            var plain = new Term(word.Folded, lexemes[word.Folded], []);
            // A code that is a word of grammar too ("MA") is meant where it is written as one.
            var typed = text.Substring(word.Start, word.Length);
            var called = codes.Where(c => c.Code == typed || (plain.Lexemes.Count > 0 && (c.Code.Equals(typed, StringComparison.OrdinalIgnoreCase) || c.Words.Any(w => plain.Match(w, lexemes[w]) > 0))));
            terms.Add(plain with { Codes = [.. called.Select(c => WordIndex.CodeWord(c.Code))] });
        }
        var telling = terms.Where(t => (t.Lexemes.Count > 0 || t.Codes.Count > 0)
            && !articles.Contains(t.Word) && !NameForms.IsArticle(t.Word) && !NameForms.IsTitle(t.Word)).ToList();
        return telling.Count > 0 ? telling : [.. terms.Select(t => t.Lexemes.Count > 0 ? t : t with { Lexemes = [t.Word] })];
    }

    async Task<IReadOnlyList<Thing>> Things(IReadOnlyList<string> streams, Question asked, Caller caller, CancellationToken stop)
    {
        var things = new List<Thing>();
        foreach (var ofView in streams.GroupBy(RecordKinds.OfStream))
            if (ofView.Key is IServedKind kind)
            {
                var rows = await Standing(ofView.Key, [.. ofView], stop);
                var absorbed = await Absorbed(ofView.Key, rows.Values, caller, stop);
                foreach (var (stream, record) in rows)
                    if (record is { Withdrawn: false } && caller.Sees(record))
                        things.AddRange(RecordText.Of(kind, stream, caller.Seen(record)).Where(t => IsAsked(t, asked)).Select(t => record.Absorbed is null ? t : t.With(kind, Of(record))));

                List<(int, string, RecordState)> Of(RecordState record) =>
                    [.. record.Absorbed!.SelectMany((stream, number) => Through(stream).Where(absorbed.ContainsKey).Select(s => (number, s, absorbed[s])))];
                IEnumerable<string> Through(string stream) => absorbed.GetValueOrDefault(stream)?.Absorbed is { } further ? further.SelectMany(Through).Prepend(stream) : [stream];
            }
        return things;
    }

    // Each record as it stands, or in its place the one that it was merged into.
    async Task<Dictionary<string, RecordState>> Standing(RecordKind kind, IReadOnlyList<string> streams, CancellationToken stop)
    {
        var standing = new Dictionary<string, RecordState>(StringComparer.Ordinal);
        for (var next = streams; next.Count > 0;)
        {
            var records = (await store.RowsOf(kind, next, stop)).Where(r => r.Value is RecordState).Select(r => (r.Key, Record: (RecordState)r.Value!)).ToList();
            foreach (var (stream, record) in records.Where(r => r.Record.MergedInto is null)) standing[stream] = record;
            next = [.. records.Select(r => r.Record.MergedInto).OfType<string>().Distinct()];
        }
        return standing;
    }

    // What was merged into any of these, however far back, as far as the caller may see it.
    async Task<Dictionary<string, RecordState>> Absorbed(RecordKind kind, IReadOnlyCollection<RecordState> records, Caller caller, CancellationToken stop)
    {
        var absorbed = new Dictionary<string, RecordState>(StringComparer.Ordinal);
        for (var next = records.SelectMany(r => r.Absorbed ?? []).Distinct().ToList(); next.Count > 0;)
        {
            var found = (await store.RowsOf(kind, next, stop)).Where(r => r.Value is RecordState { Withdrawn: false } record && caller.Sees(record)).ToList();
            foreach (var row in found) absorbed[row.Key] = (RecordState)row.Value!;
            next = [.. found.SelectMany(r => ((RecordState)r.Value!).Absorbed ?? []).Distinct()];
        }
        return absorbed;
    }

    static bool IsAsked(Thing t, Question q) =>
        (q.Kind is null || q.Kind == t.Kind) && (q.Partner is null || t.Partners.Contains(q.Partner)) && (q.Topic is null || t.Topics.Contains(q.Topic))
        && ((q.From is null && q.To is null) || t.On?.Within(q.From ?? DateOnly.MinValue, q.To ?? DateOnly.MaxValue) is Register.Time.Certainty.Certain or Register.Time.Certainty.Possible);

    static Found Exactly(Thing t, string reference)
    {
        var place = t.Places.First(p => p.Texts[0] == reference);
        return new(t, Named, [new(place, place.Texts[0], [.. TextWords.Of(place.Texts[0])], 1)], []);
    }

    static string ReferenceOf(Match m) => string.Create(CultureInfo.InvariantCulture,
        $"{m.Groups["prefix"].Value.ToUpperInvariant()}{(m.Groups["kind"] is { Success: true } kind ? $"-{kind.Value.ToUpperInvariant()}" : "")}-{int.Parse(m.Groups["number"].ValueSpan, CultureInfo.InvariantCulture):0000}");

    // DK-ACT-0001, dk act 1, per 3.
    [GeneratedRegex(@"\A((?<prefix>per|org|src|occ)|(?<prefix>[a-z0-9]{2,16})[\s-]+(?<kind>mtg|act|ins))[\s-]*(?<number>[0-9]{1,9})\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
