using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecurityCoop.PlainMarten;

/// <summary>What the appending benchmarks write.</summary>
public sealed record Noted(string Text, int Weight);

/// <summary>One document of 2 KB a stream, rewritten by each of its events.</summary>
public sealed record Note(string Id, int Count, string Text)
{
    private static readonly string text = new('d', 1970);

    public static Note Create(JasperFx.Events.IEvent<Noted> e) => new(e.StreamKey!, 1, text);

    public Note Apply(Noted _) => this with { Count = Count + 1 };
}

public sealed record MeetingHeld(string[] Partners, string Kind, string Date, string? Place);

public sealed record StatementRecorded(int Number, string Force, string Speaker, string[] Topics, string Text);

public sealed record Meeting(string Id, string[] Partners, string Kind, string Date, string? Place, StatementRecorded[] Statements)
{
    public static Meeting Create(JasperFx.Events.IEvent<MeetingHeld> e) =>
        new(e.StreamKey!, e.Data.Partners, e.Data.Kind, e.Data.Date, e.Data.Place, []);

    public Meeting Apply(StatementRecorded said) => this with { Statements = [.. Statements, said] };

    /// <exception cref="ArgumentException">The meeting is with nobody, or of no kind.</exception>
    public static MeetingHeld Hold(MeetingHeld command) => command is { Partners.Length: > 0, Kind.Length: > 0, Date.Length: > 0 }
        ? command
        : throw new ArgumentException("A meeting needs partners, a kind and a date.", nameof(command));
}

public sealed record ActionAgreed(string Partner, string What, string OwedBy, string On);

public sealed record ActionFollowedUp(string On, string Note);

public sealed record AgreedAction(
    string Id, string Partner, string What, string OwedBy, string On, bool Closed, ActionFollowedUp[] FollowUps)
{
    public static AgreedAction Create(JasperFx.Events.IEvent<ActionAgreed> e) =>
        new(e.StreamKey!, e.Data.Partner, e.Data.What, e.Data.OwedBy, e.Data.On, false, []);

    public AgreedAction Apply(ActionFollowedUp e) => this with { FollowUps = [.. FollowUps, e] };

    /// <exception cref="ArgumentException">Nothing came of it, or it is closed.</exception>
    public ActionFollowedUp FollowUp(ActionFollowedUp command) => !Closed && command is { Note.Length: > 0, On.Length: > 0 }
        ? command
        : throw new ArgumentException("A follow-up needs a day and a note, and an open action.", nameof(command));
}

public sealed record Partner(string Id, string Name);

/// <summary>A partner's status as it is answered.</summary>
public sealed record PartnershipStatus(string Id, JsonElement Status);

/// <summary>What a command answers.</summary>
public sealed record Answer(string Id, long Version);

[JsonSerializable(typeof(Noted))]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(MeetingHeld))]
[JsonSerializable(typeof(StatementRecorded))]
[JsonSerializable(typeof(Meeting))]
[JsonSerializable(typeof(ActionAgreed))]
[JsonSerializable(typeof(ActionFollowedUp))]
[JsonSerializable(typeof(AgreedAction))]
[JsonSerializable(typeof(Partner))]
[JsonSerializable(typeof(PartnershipStatus))]
[JsonSerializable(typeof(Answer))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
public sealed partial class PlainJson : JsonSerializerContext;
