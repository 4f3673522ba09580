using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Commands;
using RegisterPartnership = SecurityCoop.Register.Partnerships.Partnership;

namespace SecurityCoop.Web.Meetings;

/// <summary>
/// What a change of a meeting or of a statement means for the actions and instruments that it had opened, in the same command: they stay, and
/// say that what they come from was withdrawn or reads otherwise; a day that they took from the meeting moves with it (docs/adr/0020).
/// </summary>
static class Origins
{
    // An origin's children, what holds of it, and the day and home organisation that they took from it.
    sealed record Origin(IReadOnlyList<string> Opens, Force Force, bool Withdrawn, Edtf On, string? Home);

    /// <param name="before">The record before the command's facts.</param>
    public static async Task<IReadOnlyList<StreamFacts>> Follow(Write w, RecordState before, IReadOnlyList<Fact> facts)
    {
        if (facts.Count == 0 || Of(before) is not { Count: > 0 } were) return [];
        var after = Of(facts.Aggregate(before, Evolved));
        var follow = new List<StreamFacts>();
        foreach (var (was, now) in were.Zip(after).Where(o => o.First != o.Second))
            foreach (var child in was.Opens)
            {
                var changed = child.StartsWith("action-", StringComparison.Ordinal)
                    ? Follow(await w.LoadOrInitial(RecordKinds.Action, child), was, now)
                    : Follow(await w.LoadOrInitial(RecordKinds.Instrument, child), was, now);
                if (changed.Count > 0) follow.Add(new(child, changed));
            }
        return follow;
    }

    static RecordState Evolved(RecordState state, Fact f)
    {
        var at = new At(Guid.Empty, state.LastPosition + 1, default);
        return state switch { Meeting m => m.Evolve(f.Event, at), RegisterPartnership p => p.Evolve(f.Event, at), _ => state };
    }

    // In the order of recording, so that what was and what is now stand beside each other; statements that open nothing have no children to tell.
    static IReadOnlyList<Origin> Of(RecordState state) => state switch
    {
        Meeting { Details: { } d } m => [.. m.Statements.Select(s => new Origin(s.Said.Opens ?? [], s.Said.Force, m.Withdrawn || s.Withdrawn, d.Date, s.HomeOrganisation ?? d.HomeOrganisation))],
        RegisterPartnership p => [.. p.Statements.Select(s => new Origin(s.Said.Opens ?? [], s.Said.Force, p.Withdrawn || s.Withdrawn, s.On!, s.HomeOrganisation))],
        _ => [],
    };

    static IReadOnlyList<Fact> Follow(AgreedAction action, Origin was, Origin now)
    {
        if (!action.Exists || action.Withdrawn) return [];
        var moved = Moved(was, now, action.Details!.On, action.Details.HomeOrganisation);
        return [.. moved.Count == 0 ? [] : action.Correct(new Correct(moved)), .. Change(was, now, Force.AgreedAction) is { } c ? action.OriginChanged(c, now.Force) : []];
    }

    static IReadOnlyList<Fact> Follow(Instrument instrument, Origin was, Origin now)
    {
        if (!instrument.Exists || instrument.Withdrawn) return [];
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
    static Dictionary<string, System.Text.Json.JsonElement> Moved(Origin was, Origin now, Edtf on, string? home)
    {
        var fields = new Dictionary<string, System.Text.Json.JsonElement>();
        if (was.On != now.On && on == was.On) fields["on"] = Json(now.On.Text);
        if (was.Home != now.Home && home == was.Home) fields["homeOrganisation"] = Json(now.Home);
        return fields;
    }

    static System.Text.Json.JsonElement Json(string? text) => System.Text.Json.JsonSerializer.SerializeToElement(text, BodiesJson.Of<string?>());
}
