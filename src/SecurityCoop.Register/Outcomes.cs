using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register;

/// <summary>
/// What has happened is not in the future, and nothing is before the thing that it belongs to (model.md, "Settled in November 2026"). Asked of what a new
/// command would add, once, for every kind of record; what is stored is never refused. Only what is certain is: a month that has begun may be past.
/// </summary>
public static class Outcomes
{
    /// <param name="Day">The day of the world on which it is said to have happened.</param>
    /// <param name="Field">Where the command gives it.</param>
    /// <param name="Slug">The refusal that says how it is recorded before it has happened.</param>
    readonly record struct Happening(Edtf? Day, string Field, string Slug);

    /// <summary>Checks everything that a decision adds to one record.</summary>
    /// <param name="before">The record before it.</param>
    /// <param name="pointer">Where, within the command's body, what is decided was given.</param>
    /// <exception cref="Refusal">held-in-future, signed-in-future, in-force-in-future, ended-in-future, done-in-future; before-agreement.</exception>
    public static void Check(RecordState before, IReadOnlyList<Fact> facts, DateOnly today, string pointer = "")
    {
        var state = before;
        foreach (var fact in facts)
        {
            foreach (var h in Of(state, fact.Event))
                if (IsAhead(h.Day, today)) throw Ahead(h.Slug, $"{pointer}/{h.Field}", h.Day!, today);
            if (state is AgreedAction { Details: { } d } action) CheckOrder(action, d, fact.Event, pointer);
            state = state.After(fact.Event);
        }
    }

    /// <summary>Checks a new action's day and due date.</summary>
    public static void CheckAgreed(ActionDetails d, DateOnly today, string pointer)
    {
        if (IsAhead(d.On, today)) throw Ahead(Done, $"{pointer}/on", d.On, today);
        if (d.Due is { } due && LiesBefore(due, d.On)) throw Refusal.OfField($"{pointer}/due", "before-agreement", due.Text, d.On.Text);
    }

    /// <summary>Checks a meeting that is recorded as held.</summary>
    public static void CheckHeld(MeetingDetails d, DateOnly today, string pointer = "")
    {
        if (IsAhead(d.Date, today)) throw Ahead("held-in-future", $"{pointer}/date", d.Date, today);
    }

    /// <summary>Checks an act.</summary>
    public static void CheckAct(Act act, DateOnly today, string pointer)
    {
        if (IsAhead(act.On, today)) throw Ahead(SlugOf(act.Kind), $"{pointer}/on", act.On, today);
    }

    // Each by its own name, so that the description of the interface knows that it may be said.
    static Refusal Ahead(string slug, string at, Edtf day, DateOnly today) => slug switch
    {
        "held-in-future" => Refusal.OfField(at, "held-in-future", day.Text, Edtf.On(today).Text),
        "signed-in-future" => Refusal.OfField(at, "signed-in-future", day.Text, Edtf.On(today).Text),
        "in-force-in-future" => Refusal.OfField(at, "in-force-in-future", day.Text, Edtf.On(today).Text),
        "ended-in-future" => Refusal.OfField(at, "ended-in-future", day.Text, Edtf.On(today).Text),
        _ => Refusal.OfField(at, "done-in-future", day.Text, Edtf.On(today).Text),
    };

    static bool IsAhead(Edtf? day, DateOnly today) => day is not null && day.Earliest > today;

    // A whole duration, where it is one, lies before it.
    static bool LiesBefore(Edtf day, Edtf than) => !day.IsUncertain && !than.IsUncertain && day.EndBounds.Latest < than.Earliest;

    static string SlugOf(ActKind kind) => kind switch
    {
        ActKind.Signed => "signed-in-future",
        ActKind.EnteredIntoForce or ActKind.ProvisionallyApplied or ActKind.Renewed => "in-force-in-future",
        ActKind.Terminated => "ended-in-future",
        ActKind.Proposed or ActKind.MandateGiven or ActKind.Planned or ActKind.NegotiationOpened or ActKind.TextAgreed or ActKind.NegotiationReopened or ActKind.SigningPlanned or ActKind.SigningPostponed
            or ActKind.Approved or ActKind.Ratified or ActKind.Notified or ActKind.Published or ActKind.Suspended or ActKind.Resumed or ActKind.TerminationNotified or ActKind.Abandoned => "done-in-future",
    };

    const string Done = "done-in-future";

    static IEnumerable<Happening> Of(RecordState state, object e) => e switch
    {
        MeetingHeld x => [new(x.Date, "date", "held-in-future")],
        MeetingCancelled x => [new(x.On, "on", Done)],
        MeetingPostponed x => [new(x.On, "on", Done)],
        ActionAgreed x => [new(x.On, "on", Done)],
        ActionFollowUpRecorded x => [new(x.On, "on", Done)],
        ActionBlocked x => [new(x.On, "on", Done)],
        ActionUnblocked x => [new(x.On, "on", Done)],
        ActionReportedDone x => [new(x.On, "on", Done)],
        ActionVerified x => [new(x.On, "on", Done)],
        ActionReopened x => [new(x.On, "on", Done)],
        ActionDropped x => [new(x.On, "on", Done)],
        ActionLapsed x => [new(x.On, "on", Done)],
        ActionSuperseded x => [new(x.On, "on", Done)],
        Act x => [new(x.On, "on", SlugOf(x.Kind))],
        PartnershipSuspended x => [new(x.On, "on", Done)],
        PartnershipResumed x => [new(x.On, "on", Done)],
        PartnershipClosed x => [new(x.On, "on", Done)],
        PartnershipReopened x => [new(x.On, "on", Done)],
        PartnershipStatementRecorded x => [new(x.On, "on", Done)],
        IFieldsChanged x => x.Fields.SelectMany(f => Moved(state, x.Of, f.Field, f.New)),
        IReportRecorded x => x.Fields.SelectMany(f => Moved(state, x.Of, f.Field, f.Value)),
        IReportPreferred x => Moved(state, x.Of, x.Field, x.New),
        _ => [],
    };

    // The new day of what has happened, whoever says so; what is only planned may be moved anywhere.
    static IEnumerable<Happening> Moved(RecordState state, Guid? of, string field, System.Text.Json.JsonElement? to)
    {
        if (field is not ("on" or "date") || to is not { ValueKind: System.Text.Json.JsonValueKind.String } day || !Edtf.TryParse(day.GetString()!, out var moved, out _)) yield break;
        var slug = state switch
        {
            Meeting m => m.SlugOfFuture(of, field),
            AgreedAction => field == "on" ? Done : null,
            Instrument i => i.Acts.Concat(i.ReportedActs).FirstOrDefault(a => a.Event == of) is { } act ? SlugOf(act.Kind) : null,
            Partnership p => p.Turns.Concat(p.DeniedTurns).Any(t => t.Event == of) ? Done : null,
            _ => null,
        };
        if (slug is not null) yield return new(moved, $"fields/{field}", slug);
    }

    // An action's due date, its follow-ups and its changes are not before its agreement.
    static void CheckOrder(AgreedAction action, ActionDetails d, object e, string pointer)
    {
        void Belongs(Edtf? day, string field)
        {
            if (day is not null && LiesBefore(day, d.On)) throw Refusal.OfField($"{pointer}/{field}", "before-agreement", day.Text, d.On.Text);
        }
        switch (e)
        {
            case ActionAgreed x: CheckAgreed(x, DateOnly.MaxValue, pointer); break;
            case ActionDueDateSet x: Belongs(x.Due, "due"); break;
            case IFieldsChanged or IReportPreferred:
                // Whichever of the two is moved, they must still fit; what did not fit before is left as it is.
                var after = (AgreedAction)action.After(e);
                var misfit = After(after).FirstOrDefault(now => LiesBefore(now.Day, after.Details!.On) && !After(action).Any(was => was == now && LiesBefore(was.Day, d.On)));
                if (misfit.Day is not null) throw Refusal.OfField($"{pointer}/fields/{(((IAboutFields)e).Of is null ? FieldOf(e) : "on")}", "before-agreement", misfit.Day.Text, after.Details!.On.Text);
                break;
            default:
                foreach (var h in Of(action, e)) Belongs(h.Day, h.Field);
                break;
        }
    }

    static string FieldOf(object e) => e is IReportPreferred p ? p.Field : ((IFieldsChanged)e).Fields.Select(f => f.Field).FirstOrDefault(f => f is "due" or "on") ?? "on";

    // What belongs to an action, by the event that recorded it; its due date by none.
    static IEnumerable<(Guid? Of, Edtf Day)> After(AgreedAction a) =>
    [
        .. a.Details!.Due is { } due ? [(null, due)] : Array.Empty<(Guid?, Edtf)>(),
        .. a.FollowUps.Where(f => !f.Withdrawn).Select(f => ((Guid?)f.Event, f.On)), .. a.Changes.Where(c => !c.Withdrawn).Select(c => ((Guid?)c.Event, c.On)),
    ];
}
