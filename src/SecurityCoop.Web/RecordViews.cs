using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Occasions;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Sources;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web;

/// <summary>
/// The view of one kind of record: a row a stream, holding the state as the stream's own Evolve leaves it. Commands decide on it, queries
/// show it, and a partnership's status is read from the rows of its partner: there is one fold, not one for each use.
/// </summary>
/// <param name="kind">The stream's kind, before the dash of its id.</param>
/// <param name="path">Where the records are found, below /api.</param>
/// <param name="version">To be raised whenever the state or its Evolve changes: stored rows are then rebuilt.</param>
public sealed class RecordView<T>(string kind, string path, int version, T initial, Func<T, object, At, T> evolve, Func<T, IEnumerable<string>> partners)
    : View(kind, $"{kind}/{version}"), IRecordView where T : RecordState
{
    public string Kind => Name;
    public string Path => path;
    public T Initial => initial;

    /// <summary>Made when it is first needed, as those of the events are.</summary>
    public JsonTypeInfo<T> Json => field ??= (JsonTypeInfo<T>)RegisterJson.Default.Options.GetTypeInfo(typeof(T));

    public override IEnumerable<string> KeysOf(StoredEvent e) => e.Stream.StartsWith(Name, StringComparison.Ordinal) && e.Stream[Name.Length] == '-' ? [e.Stream] : [];
    public override object Evolve(object? row, StoredEvent e) => e.Event is ForeignEvent ? row ?? initial : evolve((T?)row ?? initial, e.Event, e.At());
    public override byte[] Write(object row) => JsonSerializer.SerializeToUtf8Bytes((T)row, Json);
    public override object Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize(document, Json)!;
    public override IEnumerable<string> PartnersOf(object row) => partners((T)row);
    public JsonElement Document(RecordState state) => JsonSerializer.SerializeToElement((T)state, Json);
    public RecordKind RecordKind => new RecordKind<T>(Name, version, initial, (state, e) => evolve(state, e.Event, e.At()), partners, () => Json);
}

/// <summary>What a view of records is asked for where the kind of record does not matter.</summary>
public interface IRecordView
{
    string Kind { get; }
    string Path { get; }
    JsonElement Document(RecordState state);

    /// <summary>The same kind of record for the store of Marten documents.</summary>
    RecordKind RecordKind { get; }
}

/// <summary>The views of the register: the records, one for each kind of stream, and who was shown what is protected.</summary>
public static class RecordViews
{
    public static readonly RecordView<Partnership> Partnership = new("partnership", "partnerships", 5, Register.Partnerships.Partnership.Initial, (s, e, at) => s.Evolve(e, at), p => p.Details is { } d ? [d.Partner] : []);
    public static readonly RecordView<Meeting> Meeting = new("meeting", "meetings", 4, Register.Meetings.Meeting.Initial, (s, e, at) => s.Evolve(e, at), m => m.Details?.Partners ?? []);
    public static readonly RecordView<AgreedAction> Action = new("action", "actions", 4, AgreedAction.Initial, (s, e, at) => s.Evolve(e, at), a => a.Details is { } d ? [d.Partner] : []);
    public static readonly RecordView<Instrument> Instrument = new("instrument", "instruments", 4, Register.Instruments.Instrument.Initial, (s, e, at) => s.Evolve(e, at), i => i.Details?.Partners ?? []);
    public static readonly RecordView<Person> Person = new("person", "people", 4, Register.People.Person.Initial, (s, e, at) => s.Evolve(e, at), _ => []);
    public static readonly RecordView<Organisation> Organisation = new("organisation", "organisations", 3, Register.Organisations.Organisation.Initial, (s, e, at) => s.Evolve(e, at), _ => []);
    public static readonly RecordView<Source> Source = new("source", "sources", 2, Register.Sources.Source.Initial, (s, e, at) => s.Evolve(e, at), _ => []);
    public static readonly RecordView<Occasion> Occasion = new("occasion", "occasions", 2, Register.Occasions.Occasion.Initial, (s, e, at) => s.Evolve(e, at), _ => []);
    public static readonly OpeningView Opening = new();

    public static readonly IReadOnlyList<View> All = [Partnership, Meeting, Action, Instrument, Person, Organisation, Source, Occasion, Opening];

    /// <summary>The views from which a partner's status is read.</summary>
    public static readonly IReadOnlyList<View> OfPartner = [Partnership, Meeting, Action, Instrument];

    /// <summary>What takes a second person's word, or is the register's own account of itself: from another program it counts for nothing.</summary>
    public static readonly IReadOnlySet<string> OnlyHere = new HashSet<string>
    {
        "meeting_validated", "person_erasure_requested", "person_erasure_cancelled", "person_erased", "person_hold_placed", "person_hold_released", "opening_recorded",
    };

    public static View? OfStream(string stream) => All.FirstOrDefault(v => stream.StartsWith($"{v.Name}-", StringComparison.Ordinal));

    /// <summary>What the model's fold is told of a stored event.</summary>
    public static At At(this StoredEvent e) => new(
        e.Id, e.Position, e.RecordedAt, e.Header.Reference, Slug.TryParse<Marking>(e.Header.Marking, out var m) ? m : Marking.Secret,
        e.Header.Sources.Count == 0 ? null : [.. e.Header.Sources.Select(s => s.Deserialize(RegisterJson.Default.Locator)!)],
        e.Header.Reason, e.Header.Credibility, e.Header.Actor,
        e.Header.Protected.Count == 0 ? null : [.. e.Header.Protected.Select(p => new Protected(p.Pointer, p.Subject))], e.Header.OnBehalfOf);
}
