using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Status;

/// <summary>What an action asks of those who work on it at a day: each mark as certain as it can be said of an action that is open then.</summary>
/// <param name="ToVerify">It was reported done, and nobody has verified it.</param>
/// <param name="Undated">It has neither a due date nor a relative deadline.</param>
/// <param name="WaitingOnPartner">The partner owes it, alone or with the home side: what both owe waits for the partner too.</param>
public sealed record ActionMarks(Certainty Open, Certainty Overdue, Certainty Undated, Certainty ReviewDue, Certainty Blocked, Certainty WaitingOnPartner, Certainty ToVerify)
{
    public static ActionMarks Of(AgreedAction action, DateOnly asOf)
    {
        var (d, open, states) = (action.Details!, Voices.OpenAt(action, asOf), action.StatesAt(asOf));
        var blocked = !states.Contains(ActionState.Blocked) ? Certainty.No : states.Count == 1 ? Certainty.Certain : Certainty.Possible;
        Certainty Where(bool holds) => holds ? open : Certainty.No;
        return new(open, Modifiers.Both(Modifiers.Unreported(action, open, asOf), d.Due?.IsPast(asOf) ?? Certainty.No), Where(d is { Due: null, Standing: null }),
            Modifiers.Both(open, action.ReviewDay?.StartedBy(asOf) ?? Certainty.No), Modifiers.Both(open, blocked), Where(d.OwedBy is OwedBy.Partner or OwedBy.Both), Modifiers.Reported(action, open, asOf));
    }
}

/// <summary>The same of an instrument.</summary>
/// <param name="InTheMaking">Both sides want it and not every party has signed: its signature is awaited.</param>
/// <param name="Expected">The days on which its signature may be expected, as far as they were given.</param>
/// <param name="Undated">Its signature is awaited on no day in particular.</param>
/// <param name="Standing">It has not ended.</param>
/// <param name="ReviewDue">Its review date has come and it has not ended.</param>
public sealed record InstrumentMarks(Certainty InTheMaking, IReadOnlyList<Edtf> Expected, Certainty Overdue, Certainty Undated, Certainty Standing, Certainty ReviewDue)
{
    public static InstrumentMarks Of(Instrument instrument, DateOnly asOf)
    {
        var making = Modifiers.Committed(instrument.Lives(asOf).Select(Voices.Rule).ToHashSet());
        var (words, standing) = (Modifiers.Expected(instrument, asOf), Modifiers.Alive(instrument, null, asOf));
        var overdue = words.Where(w => Modifiers.HasDay(w.Act)).Select(w => Modifiers.Both(w.Holds, w.Act.What.Expected!.IsPast(asOf))).DefaultIfEmpty(Certainty.No).Max();
        return new(making, [.. words.Where(w => Modifiers.HasDay(w.Act)).Select(w => w.Act.What.Expected!).Distinct()], Modifiers.Both(making, overdue),
            Modifiers.Both(making, Modifiers.Undated(instrument, asOf)), standing, instrument.ReviewDue(asOf));
    }
}
