using System.Text.Json;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Meetings;

/// <summary>
/// What a change of a meeting or of a statement means for the actions and instruments that it had opened, in the same command: they stay, and
/// say that what they come from was withdrawn or reads otherwise; a day that they took from the meeting moves with it (docs/adr/0020).
/// </summary>
static class Origins
{
    /// <summary>An origin's children, what holds of it, and the day and home organisation that they took from it.</summary>
    internal sealed record Origin(IReadOnlyList<string> Opens, Force Force, bool Withdrawn, Edtf On, string? Home);

    public static void Follow(RecordState before, RecordState after, Decided decided)
    {
        foreach (var (was, now) in Of(before).Zip(Of(after)).Where(o => o.First != o.Second))
            foreach (var child in was.Opens)
                if (decided.State(child) is { Withdrawn: false } state)
                    decided.Add(new(child, state switch { AgreedAction a => Follow(a, was, now), Instrument i => Follow(i, was, now), _ => [] }));
    }

    // In the order of recording, so that what was and what is now stand beside each other; statements that open nothing have no children to tell.
    internal static IReadOnlyList<Origin> Of(RecordState state) => state switch
    {
        Meeting { Details: { } d } m => [.. m.Statements.Select(s => new Origin(s.Said.Opens ?? [], s.Said.Force, m.Withdrawn || s.Withdrawn, d.Date, s.HomeOrganisation ?? d.HomeOrganisation))],
        Partnership p => [.. p.Statements.Select(s => new Origin(s.Said.Opens ?? [], s.Said.Force, p.Withdrawn || s.Withdrawn, s.On!, s.HomeOrganisation))],
        _ => [],
    };

    static IReadOnlyList<Fact> Follow(AgreedAction action, Origin was, Origin now)
    {
        var moved = Moved(was, now, action.Details!.On, action.Details.HomeOrganisation);
        return [.. moved.Count == 0 ? [] : action.Correct(new Correct(moved)), .. Change(was, now, Force.AgreedAction) is { } c ? action.OriginChanged(c, now.Force) : []];
    }

    static IReadOnlyList<Fact> Follow(Instrument instrument, Origin was, Origin now)
    {
        // The act with which the statement opened it stands first and has the meeting's day.
        var act = instrument.Acts.FirstOrDefault(a => !a.Withdrawn && a.On == was.On && a.Kind is ActKind.Planned or ActKind.Proposed);
        var day = act is null ? [] : Moved(was with { Home = null }, now with { Home = null }, act.On, null);
        var home = Moved(was with { On = now.On }, now, Edtf.Unknown, instrument.Details!.HomeOrganisation);
        return
        [
            .. day.Count == 0 ? [] : instrument.Correct(new Correct(day, act!.Event)), .. home.Count == 0 ? [] : instrument.Correct(new Correct(home)),
            .. Change(was, now, Force.PlannedInstrument) is { } c ? instrument.OriginChanged(c, now.Force) : [],
        ];
    }

    static OriginChange? Change(Origin was, Origin now, Force opening) => (was.Withdrawn, was.Force) == (now.Withdrawn, now.Force) ? null
        : now.Withdrawn ? OriginChange.Withdrawn : now.Force == opening ? OriginChange.Restored : OriginChange.Reclassified;

    // Only what the child took from its origin follows; what somebody has set otherwise stays.
    static Dictionary<string, JsonElement> Moved(Origin was, Origin now, Edtf on, string? home)
    {
        var fields = new Dictionary<string, JsonElement>();
        if (was.On != now.On && on == was.On) fields["on"] = Carrying.Field("on", now.On.Text)["on"];
        if (was.Home != now.Home && home == was.Home) fields["homeOrganisation"] = now.Home is null ? JsonDocument.Parse("null").RootElement : Carrying.Field("home", now.Home)["home"];
        return fields;
    }
}
