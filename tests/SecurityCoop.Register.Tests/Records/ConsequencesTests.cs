using System.Text.Json;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Status;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>What a decision upon one record means for others, in the same command.</summary>
public class ConsequencesTests
{
    static readonly Statement joint = Said(Force.AgreedAction) with { Opens = ["action-1"] };

    static JsonElement J(string json) => JsonDocument.Parse(json).RootElement;

    static IReadOnlyList<StreamFacts> Whole(string stream, RecordState before, IReadOnlyList<Fact> facts, params (string Stream, RecordState State)[] others) =>
        Consequences.Of(stream, before, facts, s => others.FirstOrDefault(o => o.Stream == s).State, Asked());

    static IEnumerable<string> Told(IEnumerable<StreamFacts> decided) => decided.SelectMany(d => d.Facts, (d, f) => $"{d.Stream}: {Json(f.Event)}");

    static Statement Spoken(Force force, string speaker, string? text = "the text") => Said(force, speaker, text);

    [Fact]
    public void A_partner_that_a_correction_gives_a_record_is_on_file_with_it()
    {
        var partners = Fields("""{"partners": ["SI"]}""");
        string opened = $"partnership-SI: {Json(new PartnershipOpened { Partner = "SI" })}";
        foreach (var (stream, record, asked) in new (string, RecordState, Correct)[]
        {
            (MeetingStream, Meeting(Held()).State, partners), (InstrumentStream, Instrument(Opened()).State, partners),
            (ActionStream, Action(Agreed()).State, Fields("""{"partner": "SI"}""")),
        })
        {
            Told(Whole(stream, record, record.Correct(asked))).Last().ShouldBe(opened, stream);
            Told(Whole(stream, record, record.Correct(asked), ("partnership-SI", Partnership(new PartnershipOpened { Partner = "SI" }).State)))
                .ShouldNotContain(t => t.StartsWith("partnership"), "it is on file already");
        }
    }

    [Fact]
    public void A_partner_named_by_a_preferred_report_or_by_a_holding_is_on_file()
    {
        var reported = Meeting(Held(), new MeetingReportRecorded([new("partners", J("""["SI"]"""))])).State;
        Told(Whole(MeetingStream, reported, reported.Prefer("partners", Event(2), null))).Last().ShouldStartWith("partnership-SI: PartnershipOpened");
        var planned = Meeting(new MeetingPlanned(Held("2026-01-10"))).State;
        Told(Whole(MeetingStream, planned, planned.Hold(Held("2026-01-10", partners: ["SI"])))).Last().ShouldStartWith("partnership-SI: PartnershipOpened");
    }

    [Fact]
    public void What_stored_events_name_as_a_partner_is_on_file_though_nobody_opened_it()
    {
        var facts = new PartnershipFacts("SI").With(MeetingStream, Meeting(Held("2025-03-10"), new MeetingCorrected([new("partners", J("""["DK"]"""), J("""["SI"]"""))])).State);
        facts.IsOpened.ShouldBeTrue();
        facts.At("2025-04-01").Short().ShouldBe("contact certain contact");
        var withdrawn = Partnership(new PartnershipOpened { Partner = "DK" }, new PartnershipWithdrawn()).State;
        new PartnershipFacts("DK").With("partnership-DK", withdrawn).With("instrument-1", Instrument(Opened(), Act(ActKind.EnteredIntoForce, "2010")).State)
            .At("2026-02-01").Short().ShouldBe("framework-active certain framework-active");
    }

    [Fact]
    public void A_partner_exchanged_in_a_meeting_is_exchanged_in_what_was_said_and_agreed_there()
    {
        var meeting = Meeting(Held(), new MeetingStatementRecorded(joint), new MeetingStatementRecorded(Spoken(Force.PlannedInstrument, "DK") with { Number = 2, Opens = ["instrument-1"] })).State;
        var action = Action(Agreed()).State;
        var instrument = Instrument(Opened(), Act(ActKind.Proposed, "2026-01-27", "DK")).State;
        Told(Whole(MeetingStream, meeting, meeting.Correct(Fields("""{"partners": ["SI"]}""")), (ActionStream, action), (InstrumentStream, instrument))).ShouldBe(
        [
            $"meeting-1: {Json(new MeetingCorrected([new("partners", J("""["DK"]"""), J("""["SI"]"""))]))}",
            $"meeting-1: {Json(new MeetingCorrected([new("speaker", J("\"DK\""), J("\"SI\""))], Event(3)))}",
            $"action-1: {Json(new ActionCorrected([new("partner", J("\"DK\""), J("\"SI\""))]))}",
            $"instrument-1: {Json(new InstrumentCorrected([new("partners", J("""["DK"]"""), J("""["SI"]"""))]))}",
            $"instrument-1: {Json(new InstrumentCorrected([new("party", J("\"DK\""), J("\"SI\""))], Event(2)))}",
            $"partnership-SI: {Json(new PartnershipOpened { Partner = "SI" })}",
        ]);
    }

    [Fact]
    public void What_cannot_be_carried_along_is_refused_by_name()
    {
        var meeting = Meeting(Held(partners: ["DK", "SE"]), new MeetingStatementRecorded(joint)).State;
        var action = Action(Agreed()).State;
        Refused(() => Whole(MeetingStream, meeting, meeting.Correct(Fields("""{"partners": ["SE"]}""")), (ActionStream, action)), "not-carried").Args.ShouldBe(["XX-0001", "DK"]);
        var both = Meeting(Held(), new MeetingStatementRecorded(Spoken(Force.PlannedInstrument, "joint") with { Opens = ["instrument-1"] })).State;
        var instrument = Instrument(Opened(partners: ["DK", "SI"])).State;
        Refused(() => Whole(MeetingStream, both, both.Correct(Fields("""{"partners": ["SI"]}""")), (InstrumentStream, instrument)), "not-carried").Args.ShouldBe(["XX-0001", "DK"]);
    }

    [Fact]
    public void A_statement_raised_to_an_agreed_action_opens_it_on_the_meetings_day()
    {
        var meeting = Meeting(Held(), new MeetingStatementRecorded(Said(Force.Intent))).State;
        var decided = Whole(MeetingStream, meeting, meeting.Reclassify(1, Force.AgreedAction, null, null));
        Told(decided).ShouldBe(
        [
            $"meeting-1: {Json(new MeetingStatementReclassified(1, Force.AgreedAction))}", $"meeting-1: {Json(new MeetingStatementOpened(1, ["action-new1"]))}",
            $"action-new1: {Json(new ActionAgreed { Partner = "DK", What = "the text", OwedBy = OwedBy.Both, On = D("2026-01-27"), Meeting = MeetingStream, Statement = 1 })}",
        ]);
        decided[1].ReferencePrefix.ShouldBe("DK-ACT");
        meeting.Evolve(decided[0].Facts[0].Event, At(3)).Evolve(decided[0].Facts[1].Event, At(4)).Statements[0].Said.Opens.ShouldBe(["action-new1"]);
    }

    [Fact]
    public void A_preferred_report_raises_likewise_and_a_public_statement_too()
    {
        var meeting = Meeting(Held(), new MeetingStatementRecorded(Spoken(Force.Discussed, "DK")), new MeetingReportRecorded([new("force", J("\"planned-instrument\""))], Event(2))).State;
        Told(Whole(MeetingStream, meeting, meeting.Prefer("force", Event(3), Event(2)))).Last().ShouldBe($"instrument-new1: {Json(Act(ActKind.Proposed, "2026-01-27", "DK"))}");
        var partnership = Partnership(new PartnershipOpened { Partner = "DK" }, new PartnershipStatementRecorded(Spoken(Force.Intent, "joint"), D("2025-05-05"))).State;
        Told(Whole("partnership-DK", partnership, partnership.Reclassify(1, Force.AgreedAction, null, null))).Skip(1).Select(t => t.Split(' ')[1]).ShouldBe(["PartnershipStatementOpened", "ActionAgreed"]);
    }

    [Fact]
    public void A_raised_statement_without_words_needs_them()
    {
        var meeting = Meeting(Held(), new MeetingStatementRecorded(Said(Force.Discussed, text: null))).State;
        Refused(() => Whole(MeetingStream, meeting, meeting.Reclassify(1, Force.AgreedAction, null, null)), "what-or-text", "/action/what");
        Refused(() => Whole(MeetingStream, meeting, meeting.Reclassify(1, Force.PlannedInstrument, null, null)), "title-or-text", "/instrument/title");
        Consequences.Of(MeetingStream, meeting, meeting.Reclassify(1, Force.AgreedAction, null, null), _ => null, Asked(), new(new OpenedAction("a list")))
            .Last().Facts.Single().Event.ShouldBeOfType<ActionAgreed>().What.ShouldBe("a list");
    }

    [Fact]
    public void What_a_statement_had_opened_before_it_fell_is_opened_again_and_not_doubled()
    {
        var fallen = Meeting(Held(), new MeetingStatementRecorded(joint), new MeetingStatementReclassified(1, Force.Discussed)).State;
        var again = fallen.Reclassify(1, Force.AgreedAction, null, null);
        var flagged = Action(Agreed(), new ActionOriginChanged(OriginChange.Reclassified, Force.Discussed)).State;
        Told(Whole(MeetingStream, fallen, again, (ActionStream, flagged))).ShouldBe(
            [$"meeting-1: {Json(again[0].Event)}", $"action-1: {Json(new ActionOriginChanged(OriginChange.Restored, Force.AgreedAction))}"]);
        var dropped = Action(Agreed(), new ActionOriginChanged(OriginChange.Reclassified, Force.Discussed), new ActionDropped(D("2026-01-28"))).State;
        Told(Whole(MeetingStream, fallen, again, (ActionStream, dropped))).Last().ShouldStartWith("action-1: ActionOriginChanged");
        var withdrawn = Action(Agreed(), new ActionWithdrawn()).State;
        Told(Whole(MeetingStream, fallen, again, (ActionStream, withdrawn))).Last().ShouldBe($"action-1: {Json(Agreed())}");
        withdrawn.Evolve(Agreed(), At(4)).Withdrawn.ShouldBeFalse();
    }

    [Fact]
    public void A_partnership_that_has_records_is_not_withdrawn()
    {
        var partnership = Partnership(new PartnershipOpened { Partner = "DK" }).State;
        var withdrawal = partnership.Withdraw(null);
        Should.Throw<Refusal>(() => Consequences.Of("partnership-DK", partnership, withdrawal, _ => null, Asked(), onFile: ["DK-INS-0001"])).Args.ShouldBe(["XX-0001", "DK-INS-0001"]);
        Consequences.Of("partnership-DK", partnership, withdrawal, _ => null, Asked(), onFile: []).Single().Facts.ShouldBe(withdrawal);
    }
}
