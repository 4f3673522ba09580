using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Status;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Commands;

/// <summary>One attempt at a command: what it has loaded, at which versions, and what the body said for all its events. A retry makes a new one.</summary>
public sealed class Write(RegisterStore store, Records records, Caller caller, Body body, string? ifMatch, Asked asked, CancellationToken stop)
{
    readonly Dictionary<string, (long Version, RecordState State)> loaded = [];
    readonly Dictionary<string, long> subjects = []; // Persons for whom a text is protected, at the version seen.

    /// <summary>What the body names, where it was looked up together.</summary>
    internal NamedRecords Names { get; init; } = NamedRecords.None;

    public Asked Asked => asked;
    public RegisterStore Store => store;
    public Caller Caller => caller;
    public CancellationToken Stop => stop;
    /// <summary>The record in the address, once it is loaded.</summary>
    public (string Stream, RecordState State, long Version)? Main { get; private set; }

    /// <summary>The record that the address names; If-Match is compared with its version.</summary>
    /// <param name="itself">The record of that name, even where it was merged into another.</param>
    /// <exception cref="StaleVersion">If-Match names another version.</exception>
    public async Task<(string Stream, T State)> Load<T>(ServedKind<T> kind, string name, bool itself = false) where T : RecordState
    {
        var (stream, state, version) = await records.Get(kind, name, caller, stop, itself: itself);
        if (ifMatch is not null && !ETags.Match(ifMatch, version)) throw new StaleVersion(stream, ETags.Version(ifMatch), version);
        loaded[stream] = (version, state);
        Main ??= (stream, state, version);
        return (stream, state);
    }

    /// <summary>A record named in the body that the command changes too: the stream that bears the name, and the one that stands for it.</summary>
    /// <exception cref="Refusal">merge-kinds where it names a record of another kind, unknown-reference.</exception>
    public async Task<(string Asked, string Stream, T State)> LoadNamed<T>(ServedKind<T> kind, string name, string pointer) where T : RecordState
    {
        if (await records.IsOfAnotherKind(kind.Name, name, caller, stop)) throw Refusal.OfField(pointer, "merge-kinds", name);
        var stream = await Named(kind, name, pointer);
        var asked = (await records.StreamOf(kind.Name, name, stop))!;
        var row = await store.Row(kind, stream, stop);
        loaded[stream] = (row.Version, (RecordState)row.Value!);
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
            found.Add(new(await Named(RecordKinds.Source, l.Document, $"{pointer}/{i}/document"), l.Paragraph, l.Sentence, l.Sha256));
        }
        return found;
    }

    /// <summary>Opens the partnerships that a record concerns and that nobody has opened yet: whoever records the first meeting need not do it twice.</summary>
    public async Task<IReadOnlyList<StreamFacts>> Opened(IReadOnlyList<string> partners)
    {
        var opened = new List<StreamFacts>();
        foreach (var partner in partners)
        {
            var row = await store.Row(RecordKinds.Partnership, Partnership.StreamOf(partner), stop);
            var partnership = (Partnership?)row.Value ?? Partnership.Initial;
            var onFile = partnership.OnFile(partner);
            if (onFile.Facts.Count == 0) continue;
            loaded[onFile.Stream] = (row.Version, partnership);
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

    /// <summary>Facts with what a part of the body says of itself in place of what the whole says.</summary>
    /// <param name="pointer">Where the part stands.</param>
    public async Task<IReadOnlyList<Fact>> Of(Body part, IReadOnlyList<Fact> facts, string pointer)
    {
        CheckHeader(part, pointer);
        var sources = await Locators(part.Source, $"{pointer}/source");
        return [.. facts.Select(f => f with { Sources = sources ?? f.Sources, Credibility = part.Credibility ?? f.Credibility, Reason = part.Reason ?? f.Reason, Marking = part.Marking ?? f.Marking, OnBehalfOf = part.OnBehalfOf ?? f.OnBehalfOf })];
    }

    /// <summary>What a body, or a part of it, says for its events' headers.</summary>
    /// <exception cref="Refusal">out-of-range at credibility, marking-above-clearance at marking, below <paramref name="pointer"/>.</exception>
    public void CheckHeader(Body part, string pointer)
    {
        if (part.Credibility is < 1 or > 6) throw Refusal.OfField($"{pointer}/credibility", "out-of-range", "1", "6");
        if (part.Marking > caller.Clearance) throw Refusal.OfField($"{pointer}/marking", "marking-above-clearance", Slug.Of(caller.Clearance));
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
        loaded[stream] = (row.Version, state);
        Main ??= (stream, state, row.Version);
        return state;
    }

    /// <summary>The decision as the event log takes it: each stream at the version that was decided upon, each event with its header.</summary>
    public async Task<IReadOnlyList<StreamAppend>> Appends(IReadOnlyList<StreamFacts> decided, Guid commandId)
    {
        CheckHeader(body, "");
        var common = await Sources();
        // What is said of a record is marked at least as it is, and so is what comes of it: a lower marking would let its words out.
        var marking = body.Marking ?? Marking.Restricted;
        if (Main is { State.Exists: true } main) marking = Higher(body.Marking, main.State.Marking);
        return [.. decided.Where(d => d.Facts.Count > 0).Select(d => new StreamAppend(
            d.Stream, d.Stream[..d.Stream.IndexOf('-', StringComparison.Ordinal)], loaded.TryGetValue(d.Stream, out var l) ? l.Version : 0,
            [.. d.Facts.Select(f => New(d.Stream, f))], d.ReferencePrefix, d.Reference))];

        NewEvent New(string stream, Fact f) => new(
            Guid.CreateVersion7(), f.Event, Context(stream, f, common, commandId, Marked(stream, f)),
            f.Protect is { } p ? (p.Pointer[1..], p.Subject, subjects[p.Subject]) : null);

        Marking Marked(string stream, Fact f) =>
            loaded.TryGetValue(stream, out var own) && own.State.Exists ? Higher(f.Marking ?? body.Marking, own.State.Marking)
            : Main is { State.Exists: true } ? Higher(f.Marking, marking) : f.Marking ?? marking;

        static Marking Higher(Marking? given, Marking least) => given > least ? given.Value : least;
    }

    EventContext Context(string stream, Fact f, IReadOnlyList<Locator>? common, Guid commandId, Marking marking) => new(
        caller.Subject, commandId, Slug.Of(marking))
    {
        Effective = f.Effective?.Text,
        OnBehalfOf = f.OnBehalfOf ?? body.OnBehalfOf,
        // A record that is changed beside the main one, and is marked lower, is not told why that was changed.
        Reason = f.Reason ?? (Main is { } main && stream != main.Stream && marking < main.State.Marking ? null : body.Reason),
        Sources = [.. (f.Sources ?? common ?? []).Select(s => System.Text.Json.JsonSerializer.SerializeToElement(s, RegisterJson.Of<Locator>()))],
        Credibility = f.Credibility ?? body.Credibility,
        Corrects = f.Corrects,
    };
}
