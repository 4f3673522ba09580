using SecurityCoop.Register;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Partnerships;
using SecurityCoop.Web.Search;

namespace SecurityCoop.Web.Commands;

/// <summary>
/// What was on file already and looks like a record that a command opens (model.md, "Already recorded?"): a meeting or an instrument of
/// one of its partners, of its kind and on a day that may be its own; a person or an organisation of its name, in either script. Whoever
/// records decides: nothing is refused for it. Only what the caller may see is named.
/// </summary>
public sealed class Resemblances(RegisterStore store, TwoClocks clocks, Statuses statuses, NameIndex names)
{
    // What every word of either name reaches with some word of the other: the same sound, or one slip of the pen; not an initial.
    const double SameName = 0.6;

    // Whoever recorded the same a thousand times has seen it after these.
    const int Most = 20;

    // Later than every position: no round trip to ask which is the last.
    const long AsItStands = long.MaxValue;

    /// <summary>References of what looks like a record that a decision opens, twenty at most; null where nothing does.</summary>
    public async Task<IReadOnlyList<string>?> Of(IReadOnlyList<StreamFacts> decided, Caller caller, CancellationToken stop)
    {
        var opened = new List<Opening>();
        foreach (var stream in decided.Where(d => d.ReferencePrefix is not null && d.Facts.Count > 0))
        {
            List<object> events = [.. stream.Facts.Select(f => f.Event)];
            var name = (events[0] as PersonDescribed)?.Name;
            if (IsCompared(events[0])) opened.Add(new(events, name is null ? null : NameForm.Of(0, name.Value)));
        }
        return opened.Count == 0 ? null : await Of(opened, AsItStands, caller, stop);
    }

    /// <summary>The same of a command that was done, as the log stood before it.</summary>
    public async Task<IReadOnlyList<string>?> Of(AppendResult appended, Caller caller, CancellationToken stop)
    {
        var begun = appended.Events.Where(e => e.Version == 1).Select(e => e.Stream).ToHashSet(StringComparer.Ordinal);
        var opened = new OrderedDictionary<string, Opening>(StringComparer.Ordinal);
        await foreach (var e in store.ReadAll(new EventFilter { After = appended.First - 1, Through = appended.Last }, stop))
            if (opened.TryGetValue(e.Stream, out var events)) events.Events.Add(e.Event);
            else if (begun.Contains(e.Stream) && IsCompared(e.Event))
                opened[e.Stream] = new([e.Event], e.Event is PersonDescribed ? await names.Of(e.Stream, e.Position, stop) : null);
        return opened.Count == 0 ? null : await Of([.. opened.Values], appended.First - 1, caller, stop);
    }

    /// <summary>The same of a meeting that nobody has recorded yet.</summary>
    public Task<IReadOnlyList<string>?> Of(MeetingDetails meeting, Caller caller, CancellationToken stop) =>
        Of([new Opening([meeting], null)], AsItStands, caller, stop);

    /// <summary>References of the people on file who bear a name, in either script; none for who may not open names.</summary>
    public Task<IReadOnlyList<string>> OfName(string name, string? country, Caller caller, CancellationToken stop) =>
        People(NameForm.Of(0, name), country, AsItStands, caller, stop);

    // A record that is opened: its events, and of a person the name, which a stored event does not hold.
    sealed record Opening(List<object> Events, NameForm? Name);

    static bool IsCompared(object first) => first is MeetingDetails or InstrumentOpened or PersonDescribed or OrganisationDescribed;

    async Task<IReadOnlyList<string>?> Of(IReadOnlyList<Opening> opened, long position, Caller caller, CancellationToken stop)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (events, name) in opened)
            found.UnionWith(events[0] switch
            {
                MeetingDetails meeting => Newest((await Facts(meeting.Partners, position, stop)).Select(f => f.Meetings),
                    m => IsLike(m, meeting), caller),
                InstrumentOpened instrument => Newest((await Facts(instrument.Partners, position, stop)).Select(f => f.Instruments),
                    i => IsLike(i, instrument, [.. events.OfType<InstrumentActRecorded>()], caller), caller),
                PersonDescribed person when name is not null => await People(name, person.Country, position, caller, stop),
                OrganisationDescribed organisation => await Organisations(organisation, position, caller, stop),
                _ => [],
            });
        return found.Count == 0 ? null : [.. found.Take(Most)];
    }

    // Facts are in the order of their streams' ids, which is that in which they were opened.
    static IEnumerable<string> Newest<T>(IEnumerable<IReadOnlyList<T>> ofPartners, Func<T, bool> isLike, Caller caller) where T : RecordState
    {
        foreach (var all in ofPartners)
            for (var (i, left) = (all.Count - 1, Most); i >= 0 && left > 0; i--)
                if (isLike(all[i]) && IsSeen(all[i], caller))
                {
                    left--;
                    yield return all[i].Reference!;
                }
    }

    async Task<IReadOnlyList<PartnershipFacts>> Facts(IReadOnlyList<string> partners, long position, CancellationToken stop)
    {
        var facts = new List<PartnershipFacts>();
        foreach (var partner in partners) facts.Add(await statuses.Facts(partner, position, stop));
        return facts;
    }

    static bool IsLike(Meeting known, MeetingDetails opened) =>
        known.Details!.Kind == opened.Kind && MayShareADay(known.Details.Date, opened.Date);

    // By a day on which the same was done with both. Where one of them tells of no day, its title has to do.
    static bool IsLike(Instrument known, InstrumentOpened opened, IReadOnlyList<Act> acts, Caller caller)
    {
        if (known.Details!.Kind != opened.Kind) return false;
        List<Act> done =
            [.. known.Acts.Where(a => !a.Withdrawn).Select(a => a.What).Where(a => !a.On.IsUnknown)];
        List<Act> dated = [.. acts.Where(a => !a.On.IsUnknown)];
        return done.Count == 0 || dated.Count == 0
            ? Words(known.Details.Title).SequenceEqual(Words(opened.Title))
            : dated.Any(a => done.Any(d => d.Kind == a.Kind && MayShareADay(d.On, a.On)));
    }

    static IEnumerable<string> Words(string text) => TextWords.Of(text).Select(w => w.Folded);

    /// <summary>
    /// Whether there is a day that both may be, or that may belong to both. An unknown date is like another unknown one only.
    /// </summary>
    internal static bool MayShareADay(Edtf a, Edtf b) =>
        a.IsUnknown || b.IsUnknown ? a.IsUnknown && b.IsUnknown
        : Ranges(b).Any(r => a.Within(r.From ?? DateOnly.MinValue, r.To ?? DateOnly.MaxValue) != Certainty.No);

    static IReadOnlyList<(DateOnly? From, DateOnly? To)> Ranges(Edtf date) =>
        date.IsInterval ? [(date.Earliest, date.EndBounds.Latest)] : date.Days;

    async Task<IReadOnlyList<string>> People(NameForm name, string? country, long position, Caller caller, CancellationToken stop)
    {
        if (!caller.MayOpenNames) return [];
        var like = new Dictionary<string, HashSet<long>>(StringComparer.Ordinal);
        foreach (var (person, forms) in await names.Find(name, caller.Rights, stop))
            if (forms.Where(f => Same(f, name)).Select(f => f.Position).ToHashSet() is { Count: > 0 } same) like[person] = same;
        var found = new List<string>();
        foreach (var row in await clocks.RowsOf(RecordKinds.Person, [.. like.Keys], position, stop))
            if (row.Value is Person { Erased: null } person && IsSeen(person, caller)
                && person.Names.Any(n => like[row.Key].Contains(n.Position) && n.Kind != NameKind.Contact && !n.Withdrawn)
                && await Survivor(person, position, caller, stop) is Person survivor && MayBeOf(survivor.Details?.Country, country))
                found.Add(survivor.Reference!);
        return found;
    }

    async Task<IReadOnlyList<string>> Organisations(OrganisationDetails opened, long position, Caller caller, CancellationToken stop)
    {
        List<NameForm> asked = [.. opened.Names.Values.Select(n => NameForm.Of(0, n))];
        var found = new List<string>();
        await foreach (var row in clocks.Rows(RecordKinds.Organisation, null, null, position, stop))
            if (row.Value is Organisation organisation && IsSeen(organisation, caller)
                && organisation.FormerNames.SelectMany(f => f.Names.Values).Concat(organisation.Details!.Names.Values)
                    .Select(n => NameForm.Of(0, n)).Any(known => asked.Any(name => Same(known, name)))
                && await Survivor(organisation, position, caller, stop) is Organisation survivor
                && MayBeOf(survivor.Details!.Country, opened.Country))
                found.Add(survivor.Reference!);
        return found;
    }

    // The record that stands for it; null where the caller may not see that one.
    async Task<RecordState?> Survivor(RecordState record, long position, Caller caller, CancellationToken stop)
    {
        while (record.MergedInto is { } into)
        {
            var row = await clocks.Row(RecordKinds.OfStream(into)!, into, position, stop);
            if (row.Value is not RecordState next || !IsSeen(next, caller)) return null;
            record = next;
        }
        return record;
    }

    static bool IsSeen(RecordState record, Caller caller) => !record.Withdrawn && caller.Sees(record);

    static bool MayBeOf(string? known, string? opened) => known is null || opened is null || known == opened;

    static bool Same(NameForm a, NameForm b) => a.Words.Count > 0 && b.Words.Count > 0 && Answers(a, b) && Answers(b, a);

    static bool Answers(NameForm known, NameForm asked) => known.Match(asked).All(m => m >= SameName);
}
