using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Users;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Commands;

/// <summary>One attempt at a command: what it has loaded, at which versions, and what the body said for all its events. A retry makes a new one.</summary>
public sealed class Write(RegisterStore store, Records records, Users users, Caller caller, Body body, string? ifMatch, Asked asked, CancellationToken stop)
{
    // As first read: a record that was read again meanwhile, and had changed, makes the attempt conflict.
    readonly Dictionary<string, (long Version, RecordState State)> loaded = [];
    readonly Dictionary<string, Marks> quoted = new(StringComparer.Ordinal); // Of the sources that the body cites.
    readonly Dictionary<string, long> subjects = []; // Persons for whom a text is protected, at the version seen.

    /// <summary>What the body names, where it was looked up together.</summary>
    internal NamedRecords Names { get; init; } = NamedRecords.None;

    public Asked Asked => asked;
    public RegisterStore Store => store;
    public Users Users => users;
    public Caller Caller => caller;
    public CancellationToken Stop => stop;
    /// <summary>The record in the address, once it is loaded.</summary>
    public (string Stream, RecordState State, long Version)? Main { get; private set; }

    /// <summary>The record that the address names; If-Match is compared with its version.</summary>
    /// <param name="itself">The record of that name, even where it was merged into another.</param>
    /// <exception cref="StaleVersion">If-Match names another version.</exception>
    public async Task<(string Stream, T State)> Load<T>(ServedKind<T> kind, string name, bool itself = false) where T : RecordState
    {
        var (stream, state, version) = await records.Get(kind, name, caller, stop, itself: itself, whole: true);
        if (ifMatch is not null && !ETags.Match(ifMatch, version)) throw new StaleVersion(stream, ETags.Version(ifMatch), version);
        loaded.TryAdd(stream, (version, state));
        Main ??= (stream, state, version);
        return (stream, state);
    }

    /// <summary>The same of a record of any kind; of one that was merged, itself.</summary>
    /// <exception cref="Refusal">not-found.</exception>
    public async Task<(string Stream, RecordState State)> LoadAny(string name) =>
        await records.KindOf(name, stop) is { } kind ? await kind.Load(this, name) : throw Refusal.Because("not-found", name);

    /// <summary>The user that the address names, by reference, stream id or subject; If-Match is compared with its version.</summary>
    /// <exception cref="Refusal">not-found.</exception>
    /// <exception cref="StaleVersion">If-Match names another version.</exception>
    public async Task<(string Stream, User State)> LoadUser(string name)
    {
        var (stream, user, version) = await users.Named(name, stop) ?? throw Refusal.Because("not-found", name);
        if (ifMatch is not null && !ETags.Match(ifMatch, version)) throw new StaleVersion(stream, ETags.Version(ifMatch), version);
        loaded.TryAdd(stream, (version, user));
        Main ??= (stream, user, version);
        return (stream, user);
    }

    /// <summary>A record named in the body that the command changes too: the stream that bears the name, and the one that stands for it.</summary>
    /// <exception cref="Refusal">merge-kinds where it names a record of another kind, unknown-reference.</exception>
    public async Task<(string Asked, string Stream, T State)> LoadNamed<T>(ServedKind<T> kind, string name, string pointer) where T : RecordState
    {
        if (await records.IsOfAnotherKind(kind.Name, name, caller, stop)) throw Refusal.OfField(pointer, "merge-kinds", name);
        var stream = await Named(kind, name, pointer);
        var asked = (await records.StreamOf(kind.Name, name, stop))!;
        var row = await store.Row(kind, stream, stop);
        loaded.TryAdd(stream, (row.Version, (RecordState)row.Value!));
        return (asked, stream, (T)row.Value!);
    }

    /// <summary>The stream of a record named in the body.</summary>
    public Task<string> Named<T>(ServedKind<T> kind, string name, string pointer) where T : RecordState =>
        Names.Stream(kind, name, caller) is { } stream ? Task.FromResult(stream) : records.Named(kind, name, pointer, caller, stop);

    public async Task<string?> NamedOrNull<T>(ServedKind<T> kind, string? name, string pointer) where T : RecordState => name is null ? null : await Named(kind, name, pointer);

    /// <summary>The person for whom a text of the body is to be protected; null where it stays in the clear.</summary>
    /// <exception cref="Refusal">unknown-reference, erased.</exception>
    public async Task<string?> ProtectFor(string? name, string pointer)
    {
        if (name is null) return null;
        var stream = await Named(RecordKinds.Person, name, pointer);
        var row = await store.Row(RecordKinds.Person, stream, stop);
        if (((Person)row.Value!).Erased is not null) throw Refusal.OfField(pointer, "erased", name);
        subjects[stream] = row.Version;
        return stream;
    }

    /// <summary>The home organisation of the body as events name it: absent where it is the service itself.</summary>
    public Task<string?> Home() => Home(body, "");

    /// <summary>The home organisation of a part of the body.</summary>
    /// <param name="pointer">Where the part stands.</param>
    public async Task<string?> Home(Body part, string pointer)
    {
        if (part.HomeOrganisation is null) return null;
        try
        {
            var (stream, state, _) = await records.Get(RecordKinds.Organisation, part.HomeOrganisation, caller, stop);
            return state.Details!.Service == true ? null : stream;
        }
        catch (Refusal r) when (r.Slug == "not-found")
        {
            throw Refusal.OfField($"{pointer}/homeOrganisation", "unknown-reference", part.HomeOrganisation);
        }
    }

    public Task<IReadOnlyList<Locator>?> Sources() => Locators(body.Source, "/source");

    /// <summary>Locators with their documents resolved.</summary>
    public async Task<IReadOnlyList<Locator>?> Locators(IReadOnlyList<LocatorBody>? given, string pointer)
    {
        if (given is null) return null;
        var found = new List<Locator>();
        foreach (var (l, i) in given.Select((l, i) => (l, i)))
        {
            if (l.Sha256 is { } sha && !Register.Sources.Source.IsSha256(sha)) throw Refusal.OfField($"{pointer}/{i}/sha256", "not-a-digest");
            if (l.Paragraph < 1) throw Refusal.OfField($"{pointer}/{i}/paragraph", "too-small", "1");
            if (l.Sentence < 1) throw Refusal.OfField($"{pointer}/{i}/sentence", "too-small", "1");
            var (stream, source) = Names.Record(RecordKinds.Source, l.Document, caller) ?? await records.Found(RecordKinds.Source, l.Document, $"{pointer}/{i}/document", caller, stop);
            quoted[stream] = source.Marks;
            found.Add(new(stream, l.Paragraph, l.Sentence, l.Sha256));
        }
        return found;
    }

    /// <summary>Opens the partnerships that a record concerns and that nobody has opened yet: whoever records the first meeting need not do it twice.</summary>
    public async Task<IReadOnlyList<StreamFacts>> Opened(IReadOnlyList<string> partners)
    {
        var opened = new List<StreamFacts>();
        foreach (var partner in partners)
        {
            var stream = Partnership.StreamOf(partner);
            // What was decided upon a partnership that was read before holds at the version that was seen then, so it is not read anew.
            if (!loaded.TryGetValue(stream, out var seen))
            {
                var row = await store.Row(RecordKinds.Partnership, stream, stop);
                seen = (row.Version, (Partnership?)row.Value ?? Partnership.Initial);
            }
            var onFile = ((Partnership)seen.State).OnFile(partner);
            if (onFile.Facts.Count == 0) continue;
            loaded[stream] = seen;
            opened.Add(onFile);
        }
        return opened;
    }

    /// <summary>A decision upon a loaded record with everything that it means for others, in the same command.</summary>
    /// <param name="given">What the command says for what a raised statement opens.</param>
    public async Task<IReadOnlyList<StreamFacts>> Whole(string stream, RecordState before, IReadOnlyList<Fact> facts, RaisedFields? given)
    {
        foreach (var other in Consequences.Reads(before, facts).Where(o => !loaded.ContainsKey(o)))
        {
            var row = await store.Row(RecordKinds.OfStream(other)!, other, stop);
            if (row.Value is RecordState state) loaded[other] = (row.Version, state);
        }
        var onFile = Consequences.NeedsRecords(facts) ? await OnFile((Partnership)before) : null;
        return Consequences.Of(stream, before, facts, s => loaded.TryGetValue(s, out var l) ? l.State : null, asked, given, onFile);
    }

    // The records for which a partner is on file: those that the caller may see by reference, the others as one, without a word of them.
    async Task<IReadOnlyList<string>> OnFile(Partnership partnership)
    {
        var facts = (PartnershipFacts)(await store.OfPartner(partnership.Details!.Partner, stop)).Fold;
        RecordState[] standing = [.. facts.Meetings, .. facts.Actions, .. facts.Instruments];
        var seen = standing.Where(caller.Sees).Select(r => r.Reference!).Order(StringComparer.Ordinal).ToList();
        return standing.Length > 0 && seen.Count == 0 ? [Visibility.Hidden] : seen;
    }

    /// <summary>
    /// The facts of a validation, which is by somebody else than recorded what is validated: the record itself, that its meeting was held, or
    /// that its action was done.
    /// </summary>
    /// <exception cref="Refusal">own-record.</exception>
    public async Task<IReadOnlyList<Fact>> BySomebodyElse(string stream, RecordState state, IReadOnlyList<Fact> validation)
    {
        if (validation.Count == 0) return validation;
        // What this very command opens is the caller's own.
        var own = !loaded.ContainsKey(stream) || await store.ReadStream(stream, stop: stop)
            .AnyAsync(e => e.Header.Actor == caller.Subject && (e.Version == 1 || e.Event is MeetingHeld or ActionReportedDone), stop);
        return own ? throw Refusal.Because("own-record", state.Reference ?? stream) : validation;
    }

    /// <summary>Facts with what a part of the body says of itself in place of what the whole says.</summary>
    /// <param name="pointer">Where the part stands.</param>
    public async Task<IReadOnlyList<Fact>> Of(Body part, IReadOnlyList<Fact> facts, string pointer)
    {
        CheckHeader(part, pointer);
        var sources = await Locators(part.Source, $"{pointer}/source");
        return [.. facts.Select(f => f with { Sources = sources ?? f.Sources, Credibility = part.Credibility ?? f.Credibility, Reason = part.Reason ?? f.Reason, Marking = part.Marking ?? f.Marking,
            Groups = part.Groups ?? f.Groups, OnBehalfOf = part.OnBehalfOf ?? f.OnBehalfOf })];
    }

    /// <summary>What a body, or a part of it, says for its events' headers.</summary>
    /// <exception cref="Refusal">out-of-range at credibility, marking-above-clearance at marking, not-a-group and group-not-yours at groups, below
    /// <paramref name="pointer"/>.</exception>
    public void CheckHeader(Body part, string pointer)
    {
        if (part.Credibility is < 1 or > 6) throw Refusal.OfField($"{pointer}/credibility", "out-of-range", "1", "6");
        if (part.Marking > caller.Clearance) throw Refusal.OfField($"{pointer}/marking", "marking-above-clearance", Slug.Of(caller.Clearance));
        foreach (var (group, i) in (part.Groups ?? []).Select((g, i) => (g, i)))
        {
            if (!MarkingDecisions.IsGroup(group)) throw Refusal.OfField($"{pointer}/groups/{i}", "not-a-group", group);
            if (!caller.Groups.Contains(group)) throw Refusal.OfField($"{pointer}/groups/{i}", "group-not-yours", group, string.Join(", ", caller.Groups.Order(StringComparer.Ordinal)));
        }
    }

    /// <summary>
    /// Whether the caller may see a record that the command writes to: one that it opens, or one whose marking is not above the clearance.
    /// What a command means for others may change records that its caller knows nothing of.
    /// </summary>
    public bool Sees(string stream) => !loaded.TryGetValue(stream, out var l) || !l.State.Exists || caller.Sees(l.State);

    /// <summary>
    /// A refusal as the caller is told it: one that names a record which the caller may not see says which rule it was, and none of its
    /// words. A partnership's name is its partner's code, which the caller wrote.
    /// </summary>
    public Refusal Told(Refusal refusal)
    {
        var hidden = loaded.Values.Select(l => l.State).Where(s => s is not Partnership && !caller.Sees(s));
        return hidden.Any(s => refusal.Args.Any(a => a == s.Reference)) ? refusal.Without(Visibility.Hidden) : refusal;
    }

    /// <summary>A record that is only looked at; nothing is written to it.</summary>
    public async Task<T> Peek<T>(ServedKind<T> kind, string stream) where T : RecordState => (T?)(await store.Row(kind, stream, stop)).Value ?? kind.Initial;

    /// <summary>A record that may not exist yet and is written at the version seen here.</summary>
    public async Task<T> LoadOrInitial<T>(ServedKind<T> kind, string stream) where T : RecordState
    {
        var row = await store.Row(kind, stream, stop);
        var state = (T?)row.Value ?? kind.Initial;
        loaded.TryAdd(stream, (row.Version, state));
        Main ??= (stream, state, row.Version);
        return state;
    }

    /// <summary>The decision as the event log takes it: each stream at the version that was decided upon, each event with its header.</summary>
    /// <exception cref="Refusal">marking-needs-steward, at /marking, where an event would raise the record that it belongs to.</exception>
    public async Task<IReadOnlyList<StreamAppend>> Appends(IReadOnlyList<StreamFacts> decided, Guid commandId)
    {
        CheckHeader(body, "");
        var common = await Sources();
        List<MarkedFacts> each = [.. decided.Where(d => d.Facts.Count > 0)
            .Select(d => new MarkedFacts(d, Existing(d.Stream), Existing(d.Stream)?.LeastMarks(d.Facts) ?? []))];
        var inherited = Inherited(each);
        return [.. each.Select(d => new StreamAppend(
            d.Of.Stream, d.Of.Stream[..d.Of.Stream.IndexOf('-', StringComparison.Ordinal)], loaded.TryGetValue(d.Of.Stream, out var l) ? l.Version : 0,
            [.. Marked(d, common, inherited).Select(f => New(d.Of.Stream, f.Fact, f.Marks))], d.Of.ReferencePrefix, d.Of.Reference))];

        NewEvent New(string stream, Fact f, Marks marks) => new(
            Guid.CreateVersion7(), f.Event, Context(stream, f, common, commandId, marks),
            f.Protect is { } p ? (p.Pointer[1..], p.Subject, subjects[p.Subject]) : null);
    }

    /// <param name="Record">The record that the facts are of; null: they open one.</param>
    /// <param name="Least">How each fact is marked at least; empty where they open a record.</param>
    sealed record MarkedFacts(StreamFacts Of, RecordState? Record, IReadOnlyList<(Marks Marks, bool OfPart)> Least);

    RecordState? Existing(string stream) => loaded.TryGetValue(stream, out var own) && own.State.Exists ? own.State : null;

    // What is said of a record is marked at least as it is, and so is what comes of it: a lower marking would let its words out.
    Marks? Inherited(IReadOnlyList<MarkedFacts> each) => Main is not { State.Exists: true } main ? null
        : each.Where(d => d.Of.Stream == main.Stream).SelectMany(d => d.Least).Aggregate(main.State.Marks, (marks, least) => marks.And(least.Marks));

    // Each fact with its marks: the higher of the record's or part's, of what it quotes or merges, and of what was given.
    IEnumerable<(Fact Fact, Marks Marks)> Marked(MarkedFacts decided, IReadOnlyList<Locator>? common, Marks? inherited)
    {
        var facts = decided.Of.Facts;
        var given = facts.Select(f => f.Event is IMarkingChange ? new Marks(f.Marking!.Value, f.Groups)
            : Quoted(f, common).And(MergedFrom(f)).And(f.Marking ?? body.Marking ?? Marking.Open, f.Groups ?? body.Groups)).ToList();
        if (decided.Record is not { } record)
        {
            var usual = inherited ?? new Marks(Marking.Restricted);
            return facts.Zip(given, (f, g) => (f, inherited is null && (f.Marking ?? body.Marking) is not null ? g : usual.And(g)));
        }
        var raised = facts.Select((f, i) => (f, i)).Where(f => f.f.Event is not IMarkingChange && !decided.Least[f.i].OfPart)
            .Aggregate(record.Marks, (marks, f) => marks.And(given[f.i]));
        var marked = facts.Select((f, i) => (f, decided.Least[i].Marks.And(given[i])));
        if (!raised.IsAbove(record.Marks)) return marked;
        if (!caller.May(Role.Steward)) throw Refusal.OfField("/marking", "marking-needs-steward", Slug.Of(record.Marking));
        return record.RaiseMarking(raised.Marking, raised.Groups, null).Select(f => (f, raised)).Concat(marked);
    }

    // What two records say together is shown to whom both may be shown.
    Marks MergedFrom(Fact f) => f.Event is IAbsorbed { From: var gone } && Existing(gone) is { } record ? record.Marks : new(Marking.Open);

    Marks Quoted(Fact f, IReadOnlyList<Locator>? common) =>
        (f.Sources ?? common ?? []).Aggregate(new Marks(Marking.Open), (marks, l) => l.Document is { } d && quoted.TryGetValue(d, out var its) ? marks.And(its) : marks);

    EventContext Context(string stream, Fact f, IReadOnlyList<Locator>? common, Guid commandId, Marks marks) => new(
        caller.Subject, commandId, Slug.Of(marks.Marking))
    {
        Groups = marks.Groups ?? [],
        Effective = f.Effective?.Text,
        OnBehalfOf = f.OnBehalfOf ?? body.OnBehalfOf,
        // A record that is changed beside the main one, and is marked lower, is not told why that was changed.
        Reason = f.Reason ?? (Main is { } main && stream != main.Stream && main.State.Marks.IsAbove(marks) ? null : body.Reason),
        Sources = [.. (f.Sources ?? common ?? []).Select(s => System.Text.Json.JsonSerializer.SerializeToElement(s, RegisterJson.Of<Locator>()))],
        Credibility = f.Credibility ?? body.Credibility,
        Corrects = f.Corrects,
    };
}
