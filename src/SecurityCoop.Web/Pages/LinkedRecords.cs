using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Occasions;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Privacy;
using System.Text.Json.Nodes;

namespace SecurityCoop.Web.Pages;

/// <summary>A record that a page names, as its reader may know it.</summary>
/// <param name="Reference">What it is called; "…" where it is hidden from the reader.</param>
/// <param name="Name">What it is about, in few words; null: its reference says all.</param>
/// <param name="Said">Whether the name stands in the language in which it was recorded, not in the page's.</param>
public sealed record LinkedRecord(string Reference, string? Name, bool Said)
{
    /// <summary>Whether the reader may go there.</summary>
    public bool IsShown => Reference != Visibility.Hidden;
}

/// <summary>The records that a page names, by stream id. Names of people are opened for the answer, where the reader may see them.</summary>
public sealed class LinkedRecords
{
    public static readonly LinkedRecords None = new();

    readonly Dictionary<string, LinkedRecord> all = new(StringComparer.Ordinal);

    /// <summary>The record of this stream; null where the text is no stream id.</summary>
    public LinkedRecord? Find(string? stream) => stream is null ? null : all.GetValueOrDefault(stream);

    /// <summary>The records of a kind that the reader may see, by reference.</summary>
    public IReadOnlyDictionary<string, LinkedRecord> OfKind(string kind) => all
        .Where(a => a.Value.IsShown && a.Key.StartsWith($"{kind}-", StringComparison.Ordinal))
        .Select(a => a.Value).DistinctBy(r => r.Reference).ToDictionary(r => r.Reference, StringComparer.Ordinal);

    /// <summary>Of streams that turned out to be one record, one; what is hidden stays what it was.</summary>
    public string Stands(string stream) =>
        Find(stream) is { IsShown: true } record ? all.First(a => a.Value.Reference == record.Reference).Key : stream;

    /// <summary>Looks the records up as they were known at a position; what was merged by then is the record that stands for it.</summary>
    /// <param name="names">Whether names of people are opened; otherwise people are named by their references.</param>
    public static async Task<LinkedRecords> Load(
        IEnumerable<string> streams, long position, Language language, RegisterStore store, TwoClocks clocks, Opener opener,
        CancellationToken stop, bool names = true)
    {
        var (linked, asked) = (new LinkedRecords(), streams.Distinct().ToDictionary(s => s, s => s, StringComparer.Ordinal));
        var people = new List<(string Asked, string Stream, Person Person)>();
        while (asked.Count > 0)
        {
            var next = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var ofKind in asked.GroupBy(a => RecordKinds.OfStream(a.Value)))
            {
                var rows = ofKind.Key is null ? [] : await clocks.RowsOf(ofKind.Key, [.. ofKind.Select(a => a.Value).Distinct()], position, stop);
                var found = rows.Where(r => r.Value is RecordState).ToDictionary(r => r.Key, r => (RecordState)r.Value!, StringComparer.Ordinal);
                foreach (var (name, stream) in ofKind)
                    if (found.GetValueOrDefault(stream) is not { } record || !opener.Caller.Sees(record))
                        linked.all[name] = new(Visibility.Hidden, null, false);
                    else if (record.MergedInto is { } survivor) next[name] = survivor;
                    else
                    {
                        linked.all[name] = new(record.Reference!, Title(record, language), IsSaid(record));
                        if (names && record is Person person) people.Add((name, stream, person));
                    }
            }
            asked = next;
        }
        var each = people.Select(p => (p.Stream, p.Person)).DistinctBy(p => p.Stream).ToList();
        foreach (var (stream, name) in await Names(each, position, language, store, opener, stop))
            foreach (var (asks, _, person) in people.Where(p => p.Stream == stream)) linked.all[asks] = new(person.Reference!, name, true);
        return linked;
    }

    // Of each person one form of the name: in the page's script where there is one.
    static async Task<Dictionary<string, string>> Names(
        IReadOnlyList<(string Stream, Person Person)> people, long position, Language language, RegisterStore store, Opener opener, CancellationToken stop)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (people.Count == 0 || !opener.Caller.MayOpenNames) return names;
        var wanted = people.Select(p => (p.Stream, Name: Best(p.Person, language))).Where(p => p.Name is not null)
            .ToDictionary(p => p.Name!.Event, p => (p.Stream, p.Name!.Pointer));
        await foreach (var e in store.ReadStreams([.. people.Select(p => p.Stream)], position, stop))
        {
            if (!wanted.TryGetValue(e.Id, out var name) || e.Header.Protected.All(p => p.Pointer != name.Pointer)) continue;
            var into = new JsonObject();
            await opener.Put(into, e, name.Pointer);
            if ((string?)into["value"] is { } value) names[name.Stream] = value;
        }
        return names;
    }

    static KeptName? Best(Person person, Language language)
    {
        var good = person.Names.Where(n => !n.Withdrawn && n.Kind is NameKind.Name or NameKind.Variant).ToList();
        return good.FirstOrDefault(n => (n.Script == "Arab") == (language == Language.Arabic)) ?? good.FirstOrDefault();
    }

    /// <summary>What a record is about, in few words; null of a person, whose name is protected.</summary>
    public static string? Title(RecordState record, Language l) => record switch
    {
        Meeting { Details: { } d } => l.Say(RecordWords.MeetingTitle, l.Say(Vocabulary.Default.MeetingKinds, d.Kind), l.Say(d.Date)),
        AgreedAction { Details: { } d } => d.What,
        Instrument { Details: { } d } => d.Title,
        Organisation { Details: { } d } => d.Names.GetValueOrDefault(l.Code) ?? d.Names.Values.FirstOrDefault(),
        Source { Details: { } d } => d.Title,
        Occasion { Details: { } d } => d.What,
        Partnership { Details: { } d } => l.Say(Known.PartnerName(d.Partner)),
        _ => null,
    };

    /// <summary>Whether that stands in the language in which it was recorded.</summary>
    public static bool IsSaid(RecordState record) => record is not (Meeting or Partnership);
}
