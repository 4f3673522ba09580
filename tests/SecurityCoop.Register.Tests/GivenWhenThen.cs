using System.Text.Json;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;
using Shouldly;

namespace SecurityCoop.Register.Tests;

/// <summary>Given events, When a command, Then exactly these events, a refusal by its slug, or nothing.</summary>
public sealed record Given<T>(T State, Func<T, object, At, T> Evolve) where T : RecordState
{
    public Given<T> And(params IEnumerable<object> events) => this with { State = events.Aggregate(State, (s, e) => Evolve(s, e, Sample.NextAt(s))) };
    public When<T> When(Func<T, IReadOnlyList<Fact>> command) => new(this, command);
}

public sealed record When<T>(Given<T> Given, Func<T, IReadOnlyList<Fact>> Command) where T : RecordState
{
    /// <summary>What adds: exactly these events.</summary>
    public Given<T> Then(params object[] expected)
    {
        Command(Given.State).Select(f => Sample.Json(f.Event)).ShouldBe(expected.Select(Sample.Json));
        return Given.And(expected);
    }

    /// <summary>What sets a state: exactly these events, and none when it is asked again.</summary>
    public Given<T> ThenOnce(params object[] expected)
    {
        var after = Then(expected);
        Command(after.State).ShouldBeEmpty();
        return after;
    }

    public void ThenNothing() => Command(Given.State).ShouldBeEmpty();

    public Refusal ThenRefused(string slug, string? field = null) => Sample.Refused(() => Command(Given.State), slug, field);
}

/// <summary>Where a scenario begins, and small things that tests name.</summary>
public static class Sample
{
    public const string ActionStream = "action-1", InstrumentStream = "instrument-1", MeetingStream = "meeting-1";

    public static Given<Meeting> Meeting(params IEnumerable<object> events) => new Given<Meeting>(Meetings.Meeting.Initial, (s, e, at) => s.Evolve(e, at)).And(events);
    public static Given<AgreedAction> Action(params IEnumerable<object> events) => new Given<AgreedAction>(AgreedAction.Initial, (s, e, at) => s.Evolve(e, at)).And(events);
    public static Given<Instrument> Instrument(params IEnumerable<object> events) => new Given<Instrument>(Instruments.Instrument.Initial, (s, e, at) => s.Evolve(e, at)).And(events);
    public static Given<Partnership> Partnership(params IEnumerable<object> events) => new Given<Partnership>(Partnerships.Partnership.Initial, (s, e, at) => s.Evolve(e, at)).And(events);

    public static Edtf D(string text) => Edtf.Parse(text);
    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    public static Guid Event(long position) => new((int)position, 7, 7, new byte[8]);
    public static At At(long position, string? reference = "XX-0001") => new(Event(position), position, new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc), reference);

    // The first event of a record stands at position 1, the next at 2: tests name an item by the position that recorded it.
    internal static At NextAt(RecordState s) => At(1 + s.FirstPosition + Items(s));

    static int Items(RecordState s) => (s.Reports?.Sum(r => r.Readings.Count - 1) ?? 0) + s switch
    {
        AgreedAction a => a.Changes.Count + a.DeniedChanges.Count + a.FollowUps.Count,
        Instrument i => i.Acts.Count + i.ReportedActs.Count + i.Supersessions.Count + i.Terms.Count,
        Meeting m => m.Statements.Count + m.Outcomes.Count,
        Partnership p => p.Turns.Count + p.DeniedTurns.Count + p.Notes.Count + p.Statements.Count + p.FocalPoints.Count,
        _ => 0,
    };

    public static Asked Asked()
    {
        var n = 0;
        return new(Day("2026-02-01"), kind => $"{kind}-new{++n}");
    }

    public static Correct Fields(string json, Guid? of = null) => new(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!, of);

    public static string Json(object e) => $"{e.GetType().Name} {JsonSerializer.Serialize(e, RegisterJson.Options.GetTypeInfo(e.GetType())!)}";

    public static Refusal Refused(Action command, string slug, string? field = null)
    {
        var refusal = Should.Throw<Refusal>(command);
        refusal.Slug.ShouldBe(slug);
        refusal.Field.ShouldBe(field);
        return refusal;
    }

    public static ActionAgreed Agreed(Edtf? due = null, string? standing = null, string on = "2025-01-10", bool? windsDown = null, string? home = null, DateOnly? reviewOn = null) =>
        new() { Partner = "DK", What = "set up a framework", OwedBy = OwedBy.Both, On = D(on), Due = due, Standing = standing, WindsDown = windsDown, HomeOrganisation = home, ReviewOn = reviewOn };

    public static InstrumentOpened Opened(Binding binding = Binding.Unknown, Effect? effect = null, IReadOnlyList<string>? partners = null, string? home = null, DateOnly? reviewOn = null) =>
        new() { Partners = partners ?? ["DK"], Kind = "mou", Title = "Memorandum", Binding = binding, Effect = effect, HomeOrganisation = home, ReviewOn = reviewOn };

    public static InstrumentActRecorded Act(ActKind kind, string on, string? party = null, string? expected = null, string? until = null, string? part = null) =>
        new() { Kind = kind, On = D(on), Party = party, Expected = expected is null ? null : D(expected), Until = until is null ? null : D(until), Part = part };

    public static InstrumentTermSet Ends(string? on = null, int? years = null, string? agreedOn = null) =>
        new() { Kind = TermKind.Ends, On = on is null ? null : D(on), Years = years, AgreedOn = agreedOn is null ? null : D(agreedOn) };

    public static InstrumentTermSet Tacit(int years, int? noticeMonths = null, string? on = null, string? agreedOn = null) =>
        new() { Kind = TermKind.Tacit, Years = years, NoticeMonths = noticeMonths, On = on is null ? null : D(on), AgreedOn = agreedOn is null ? null : D(agreedOn) };

    public static MeetingHeld Held(string date = "2026-01-27", string? home = null, params string[] partners) =>
        new() { Partners = partners.Length == 0 ? ["DK"] : partners, Kind = "talks", Date = D(date), HomeOrganisation = home };

    public static Statement Said(Force force, string speaker = "joint", string? text = "the text", bool? formulaic = null, int number = 1) =>
        new() { Number = number, Force = force, Speaker = speaker, Text = text, Formulaic = formulaic };
}
