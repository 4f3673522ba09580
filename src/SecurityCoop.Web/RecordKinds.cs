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
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web;

/// <summary>
/// A kind of record that is served: a document a stream, holding the state as the stream's own Evolve leaves it. Commands decide on it,
/// queries show it, and a partnership's status is read from the documents of its partner: there is one fold, not one for each use.
/// </summary>
/// <param name="name">Of its streams, before the dash of their ids.</param>
/// <param name="path">Where the records are found, below /api.</param>
/// <param name="version">To be raised whenever the state or its Evolve changes: documents are then rebuilt.</param>
public sealed class ServedKind<T>(
    string name, string path, int version, T initial, Func<T, object, At, T> evolve, Func<T, IEnumerable<string>> partners)
    : RecordKind<T>(
        name, version, initial, (state, e) => evolve(state, e.Event, e.At()), partners,
        RegisterJson.Of<T>), IServedKind where T : RecordState
{
    public string Path => path;
    public object Evolve(object? state, StoredEvent e) => evolve((T?)state ?? Initial, e.Event, e.At());
    public async Task<(string Stream, RecordState State)> Load(Write write, string name) => await write.Load(this, name, itself: true);
    public async Task<(string Stream, RecordState State, long Version)> Get(
        Records records, string name, Caller caller, CancellationToken stop, long? position, bool itself) =>
        await records.Get(this, name, caller, stop, position, itself);
    public bool IsOf(RecordState state) => state is T;
    public JsonElement Document(RecordState state) => JsonSerializer.SerializeToElement((T)state, Json);
}

/// <summary>What a kind of record is asked for where it does not matter which.</summary>
public interface IServedKind
{
    string Name { get; }
    string Path { get; }
    object Evolve(object? state, StoredEvent e);
    JsonElement Document(RecordState state);

    /// <summary>Whether the record is of this kind.</summary>
    bool IsOf(RecordState state);

    /// <summary>Loads a record of this kind for a command.</summary>
    /// <exception cref="Refusal">not-found.</exception>
    Task<(string Stream, RecordState State)> Load(Write write, string name);

    /// <summary>Codes of the partners whose partnership a record of this kind concerns.</summary>
    IEnumerable<string> PartnersOf(object state);

    /// <summary>The record of that name as the caller may see it, with the version of its stream.</summary>
    /// <param name="position">As it was known then; null: as it is known now.</param>
    /// <param name="itself">The record of that name, even where it was merged into another; otherwise the one that stands for it.</param>
    /// <exception cref="Refusal">not-found.</exception>
    Task<(string Stream, RecordState State, long Version)> Get(
        Records records, string name, Caller caller, CancellationToken stop, long? position = null, bool itself = false);
}

/// <summary>The kinds of record that there are, one for each kind of stream, and who was shown what is protected.</summary>
public static class RecordKinds
{
    public static readonly ServedKind<Partnership> Partnership = new("partnership", "partnerships", 7, Register.Partnerships.Partnership.Initial, (s, e, at) => s.Evolve(e, at), p => p.Details is { } d ? [d.Partner] : []);
    public static readonly ServedKind<Meeting> Meeting = new("meeting", "meetings", 7, Register.Meetings.Meeting.Initial, (s, e, at) => s.Evolve(e, at), m => m.Details?.Partners ?? []);
    public static readonly ServedKind<AgreedAction> Action = new("action", "actions", 7, AgreedAction.Initial, (s, e, at) => s.Evolve(e, at), a => a.Details is { } d ? [d.Partner] : []);
    public static readonly ServedKind<Instrument> Instrument = new("instrument", "instruments", 7, Register.Instruments.Instrument.Initial, (s, e, at) => s.Evolve(e, at), i => i.Details?.Partners ?? []);
    public static readonly ServedKind<Person> Person = new("person", "people", 6, Register.People.Person.Initial, (s, e, at) => s.Evolve(e, at), _ => []);
    public static readonly ServedKind<Organisation> Organisation = new("organisation", "organisations", 6, Register.Organisations.Organisation.Initial, (s, e, at) => s.Evolve(e, at),
        o => o.PartnerCode is { } code ? [code] : []);
    public static readonly ServedKind<Source> Source = new("source", "sources", 4, Register.Sources.Source.Initial, (s, e, at) => s.Evolve(e, at), _ => []);
    public static readonly ServedKind<Occasion> Occasion = new("occasion", "occasions", 4, Register.Occasions.Occasion.Initial, (s, e, at) => s.Evolve(e, at), _ => []);
    public static readonly OpeningKind Opening = new();
    public static readonly UserKind User = new();

    public static readonly IReadOnlyList<RecordKind> All = [Partnership, Meeting, Action, Instrument, Person, Organisation, Source, Occasion, Opening, User];

    /// <summary>The kinds from which a partner's status is read.</summary>
    public static readonly IReadOnlyList<RecordKind> OfPartner = [Partnership, Meeting, Action, Instrument];

    public static RecordKind? OfStream(string stream) => All.FirstOrDefault(k => stream.StartsWith($"{k.Name}-", StringComparison.Ordinal));

    /// <summary>The kind of a record.</summary>
    public static IServedKind Of(RecordState state) => All.OfType<IServedKind>().First(k => k.IsOf(state));

    /// <summary>What the model's fold is told of a stored event.</summary>
    public static At At(this StoredEvent e) => new(
        e.Id, e.Position, e.RecordedAt, e.Header.Reference, Slug.TryParse<Marking>(e.Header.Marking, out var m) ? m : Marking.Secret,
        e.Header.Sources.Count == 0 ? null : [.. e.Header.Sources.Select(s => s.Deserialize(RegisterJson.Of<Locator>())!)],
        e.Header.Reason, e.Header.Credibility, e.Header.Actor,
        e.Header.Protected.Count == 0 ? null : [.. e.Header.Protected.Select(p => new Protected(p.Pointer, p.Subject))], e.Header.OnBehalfOf, e.Header.CommandId,
        e.Header.Groups.Count == 0 ? null : e.Header.Groups);
}
