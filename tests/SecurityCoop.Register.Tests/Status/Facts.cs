using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>Facts of one partnership built record by record, each from its own events.</summary>
public static class Facts
{
    public static PartnershipFacts None => new PartnershipFacts("DK").With("partnership-DK", Partnership(new Partnerships.PartnershipOpened { Partner = "DK" }).State);

    public static PartnershipFacts With(this PartnershipFacts facts, params object[] events)
    {
        var n = facts.Meetings.Count + facts.Actions.Count + facts.Instruments.Count + 1;
        return events[0] switch
        {
            Meetings.MeetingDetails => facts.With($"meeting-{n}", Meeting(events).State with { Reference = $"DK-MTG-{n}" }),
            Actions.ActionDetails => facts.With($"action-{n}", Action(events).State with { Reference = $"DK-ACT-{n}" }),
            Instruments.InstrumentDetails => facts.With($"instrument-{n}", Instrument(events).State with { Reference = $"DK-INS-{n}" }),
            _ => facts.With("partnership-DK", Partnership([new Partnerships.PartnershipOpened { Partner = "DK" }, .. events]).State),
        };
    }

    public static StatusAnswer At(this PartnershipFacts facts, string day, bool service = false) => PartnershipStatus.Of(facts, new(Day(day), service));

    /// <summary>Status, certainty and certain status in one line; a modifier that is only possible carries a question mark.</summary>
    public static string Short(this StatusAnswer a) => $"{PartnershipStatus.SlugOf(a.Status)} {Slug.Of(a.Certainty)} {PartnershipStatus.SlugOf(a.Certain)}";

    public static string Marks(this StatusAnswer a) => string.Join(" ", a.Modifiers.Select(m => m.Code + (m.Certainty == Certainty.Certain ? "" : "?")));
}
