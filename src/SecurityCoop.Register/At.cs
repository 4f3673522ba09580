using System.Text.Json.Serialization;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register;

/// <summary>Who may see a record, in order; a derived record carries the highest of what it comes from.</summary>
[JsonConverter(typeof(SlugJson<Marking>))]
public enum Marking { Open, Restricted, Confidential, Secret }

/// <summary>A pointer into a source: the paragraph and sentence counted from 1, and the SHA-256 (lower-case hex) of the sentence in UTF-8.</summary>
/// <param name="Document">Stream id of the source.</param>
public sealed record Locator(string? Document = null, int? Paragraph = null, int? Sentence = null, string? Sha256 = null);

/// <summary>What the header says of an event that is folded: where it stands in the log and what vouches for it.</summary>
/// <param name="Reference">The record's reference; given with its first event only.</param>
/// <param name="Protected">Texts of the body that are protected: where null stands in their place.</param>
/// <param name="Command">The command that recorded it; with the stream it tells which events of a record belong together.</param>
public sealed record At(
    Guid Event, long Position, DateTime RecordedAt, string? Reference = null, Marking Marking = Marking.Restricted,
    IReadOnlyList<Locator>? Sources = null, string? Reason = null, int? Credibility = null, string? Actor = null, IReadOnlyList<Protected>? Protected = null,
    string? OnBehalfOf = null, Guid? Command = null, IReadOnlyList<string>? Groups = null)
{
    /// <summary>For whom the text at this pointer is protected; null where it is not.</summary>
    public string? ProtectedFor(string pointer) => Protected?.FirstOrDefault(p => p.Pointer == pointer)?.Subject;
}

/// <summary>A text of an event's body that is kept like a name: encrypted, with null in its place, and gone when the subject is erased.</summary>
/// <param name="Pointer">JSON pointer of a text of the body itself, such as /note.</param>
/// <param name="Subject">Stream id of the person for whom it is protected.</param>
public sealed record Protected(string Pointer, string Subject);

/// <summary>An event that a decision makes, and what its header shall say of the world. Ids, time and actor come with the command.</summary>
/// <param name="Effective">When it happened in the world, taken from the date in the body.</param>
/// <param name="Corrects">The event that this one corrects or withdraws.</param>
/// <param name="Protect">A text of the event that is to be recorded as protected.</param>
public sealed record Fact(
    object Event, Edtf? Effective = null, IReadOnlyList<Locator>? Sources = null, int? Credibility = null, string? Reason = null,
    Guid? Corrects = null, Marking? Marking = null, Protected? Protect = null, string? OnBehalfOf = null, IReadOnlyList<string>? Groups = null);

/// <summary>The events that one command adds to one stream. A new stream names the prefix under which its reference is counted.</summary>
public sealed record StreamFacts(string Stream, IReadOnlyList<Fact> Facts, string? ReferencePrefix = null, string? Reference = null);

/// <summary>What every state of a record has in common: who it is, how far it is folded, who may see it, whether it still stands.</summary>
public abstract record RecordState
{
    /// <summary>The reference people use; null until the first event is folded.</summary>
    public string? Reference { get; init; }
    public Marking Marking { get; init; }

    /// <summary>The need-to-know groups to whose members alone the record is shown, sorted; null where there is none.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>Its parts that are marked above it; null where none is.</summary>
    public IReadOnlyList<MarkedPart>? MarkedParts { get; init; }

    /// <summary>Events that speak of a part, beside the one that recorded it; null where there is none.</summary>
    public IReadOnlyList<PartEvent>? PartEvents { get; init; }

    /// <summary>Lower markings that were asked for and not granted yet; null where there is none.</summary>
    public IReadOnlyList<AskedLowering>? LoweringsAsked { get; init; }

    /// <summary>The event and position that opened the record.</summary>
    public Guid FirstEvent { get; init; }
    public long FirstPosition { get; init; }
    /// <summary>The position of the last event folded.</summary>
    public long LastPosition { get; init; }
    public IReadOnlyList<Locator>? Sources { get; init; }
    public bool Withdrawn { get; init; }
    /// <summary>Fields of which several sources speak; null where none is.</summary>
    public IReadOnlyList<ReportedField>? Reports { get; init; }

    /// <summary>The events on which present values of fields rest, beside the one that first recorded them; null where nothing was changed.</summary>
    public IReadOnlyList<ChangedField>? ChangedFields { get; init; }

    /// <summary>Stream id of the record that stands for this one; null where it stands for itself.</summary>
    public string? MergedInto { get; init; }
    /// <summary>Stream ids of the records for which this one stands as well.</summary>
    public IReadOnlyList<string>? Absorbed { get; init; }

    public bool Exists => FirstPosition != 0;

    /// <summary>The record's own description, or that of the item which event <paramref name="of"/> recorded; null where there is no such item.</summary>
    public abstract Part? PartOf(Guid? of);

    /// <summary>How the record itself is marked.</summary>
    [JsonIgnore] public Marks Marks => new(Marking, Groups);

    /// <summary>How the record is marked together with its parts: who is shown all of it may read what is marked so.</summary>
    [JsonIgnore] public Marks MarksWithParts => (MarkedParts ?? []).Aggregate(Marks, (marks, part) => marks.And(part.Marking, part.Groups));

    /// <summary>How a part is marked: at least as its record.</summary>
    public Marks MarksOf(Guid part) => MarkedParts?.FirstOrDefault(p => p.Event == part) is { } own ? Marks.And(own.Marking, own.Groups) : Marks;

    /// <summary>The parts that these rights do not cover, of a record that they do.</summary>
    public IReadOnlySet<Guid> HiddenParts(ReaderRights rights) =>
        MarkedParts is null || rights.IsAll ? none : MarkedParts.Where(p => !rights.Cover(MarksOf(p.Event))).Select(p => p.Event).ToHashSet();

    /// <summary>The events of this record that these rights do not cover: those that recorded hidden parts, and those that speak of them.</summary>
    public IEnumerable<Guid> HiddenEvents(ReaderRights rights) =>
        HiddenParts(rights) is { Count: > 0 } hidden ? hidden.Concat((PartEvents ?? []).Where(e => hidden.Contains(e.Of)).Select(e => e.Event)) : [];

    /// <summary>The events of parts that are marked above the record, with how each is marked.</summary>
    public IEnumerable<(Guid Event, Marks Marks)> EventMarks() => (MarkedParts ?? []).SelectMany(
        p => (PartEvents ?? []).Where(e => e.Of == p.Event).Select(e => e.Event).Prepend(p.Event), (p, e) => (e, MarksOf(p.Event)));

    /// <summary>The record without the parts that these rights do not cover: itself, where they cover all.</summary>
    public RecordState SeenWith(ReaderRights rights)
    {
        var hidden = HiddenParts(rights);
        if (hidden.Count == 0) return this;
        bool IsSeen(Guid? of) => of is not { } item || PartOfEvent(item) is not { } part || !hidden.Contains(part);
        return Without(hidden) with
        {
            Reports = Reports?.Where(r => IsSeen(r.Of)).ToList() is { Count: > 0 } reports ? reports : null,
            ChangedFields = ChangedFields?.Where(c => IsSeen(c.Of) && IsSeen(c.Event)).ToList() is { Count: > 0 } changed ? changed : null,
            LoweringsAsked = LoweringsAsked?.Where(a => IsSeen(a.Of)).ToList() is { Count: > 0 } asked ? asked : null,
            MarkedParts = MarkedParts?.Where(p => !hidden.Contains(p.Event)).ToList() is { Count: > 0 } marked ? marked : null,
        };
    }

    static readonly IReadOnlySet<Guid> none = new HashSet<Guid>();

    /// <summary>The part with a marking of its own that an event records or speaks of, once it is folded; null: the record itself.</summary>
    internal virtual Guid? PartSpokenOf(object e, At at) => e switch
    {
        IPartRecorded => at.Event,
        IAboutFields { Of: { } of } => PartOfEvent(of),
        IWithdrawn { Of: { } of } => PartOfEvent(of),
        _ => null,
    };

    /// <summary>The part that an event recorded or speaks of; null where that is the record itself.</summary>
    protected Guid? PartOfEvent(Guid of) => HasPart(of) ? of : PartEvents?.FirstOrDefault(e => e.Event == of)?.Of;

    /// <summary>Whether the event recorded a part that can have a marking of its own.</summary>
    internal virtual bool HasPart(Guid recordedBy) => false;

    /// <summary>The record as if these parts, and what speaks of them, had never been recorded.</summary>
    protected virtual RecordState Without(IReadOnlySet<Guid> parts) => this;

    internal abstract FieldEvents Events { get; }

    /// <summary>Under which event a field of the item that <paramref name="of"/> names is kept, where two events record one fact.</summary>
    internal virtual Guid? OwnerOf(Guid? of, string field) => of;

    /// <summary>Who first said what the record itself says.</summary>
    internal FirstSaid First => new(FirstEvent, FirstPosition, Sources);
}

/// <summary>Small steps that every stream's Evolve and Decide share.</summary>
public static class RecordStates
{
    /// <summary>The record's own marks after <paramref name="at"/>: the first event names it, each event may raise its marking.</summary>
    public static T Seen<T>(this T state, object e, At at) where T : RecordState => (state with
    {
        Reports = e is IWithdrawn w ? state.Reports.Without(w.Of) : state.Reports,
        Reference = state.Reference ?? at.Reference,
        FirstEvent = state.Exists ? state.FirstEvent : at.Event,
        FirstPosition = state.Exists ? state.FirstPosition : at.Position,
        LastPosition = at.Position,
        Sources = state.Exists ? state.Sources : at.Sources,
    }).MarkedBy(e, at, first: !state.Exists);

    /// <summary>The facts with the day of the world that a command names for them, where it names one.</summary>
    public static IReadOnlyList<Fact> On(this IReadOnlyList<Fact> facts, Edtf? day) => day is null ? facts : [.. facts.Select(f => f with { Effective = day })];

    /// <summary>The record after an event that is only decided upon: what would become of it. All of a decision belong to one command.</summary>
    internal static RecordState After(this RecordState state, object e) => state.AfterAt(e).State;

    /// <summary>The same, with where the event was taken to stand.</summary>
    internal static (RecordState State, At At) AfterAt(this RecordState state, object e)
    {
        var position = state.LastPosition + 1;
        var at = new At(new Guid(int.MaxValue, 0, 0, BitConverter.GetBytes(position)), position, default, Command: decided);
        RecordState after = state switch
        {
            Meetings.Meeting m => m.Evolve(e, at),
            Actions.AgreedAction a => a.Evolve(e, at),
            Instruments.Instrument i => i.Evolve(e, at),
            Partnerships.Partnership p => p.Evolve(e, at),
            _ => state,
        };
        return (after, at);
    }

    static readonly Guid decided = new("ffffffff-0000-0000-0000-000000000000");

    /// <exception cref="Refusal">not-found where nothing was recorded, withdrawn where it should never have been.</exception>
    public static T Standing<T>(this T state, string what) where T : RecordState =>
        !state.Exists ? throw Refusal.Because("not-found", what)
        : state.Withdrawn ? throw Refusal.Because("withdrawn", state.Reference ?? what)
        : state;
}

/// <summary>A stored event that this build of the model cannot fold. Folding stops here: an event is never skipped.</summary>
public sealed class UnknownEvent(object e) : Exception($"The model cannot fold an event of type {e.GetType().Name}.");
