using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;

namespace SecurityCoop.Register.Tests.Markings;

/// <summary>How records and their parts are marked, and what of them a reader sees (model.md, "Markings").</summary>
public class MarkingTests
{
    static readonly ReaderRights restricted = new(Marking.Restricted), secret = new(Marking.Secret);

    long position;

    T Fold<T>(T state, object e, Marking marking = Marking.Restricted, IReadOnlyList<string>? groups = null, Guid? command = null, string? actor = null)
        where T : RecordState
    {
        var at = new At(Sample.Event(++position), position, DateTime.UnixEpoch, Marking: marking, Groups: groups, Command: command, Actor: actor);
        return (T)RandomHistory.Evolve($"{Kind(state)}-1", state, e, at);
    }

    static string Kind(RecordState state) => state switch { Meeting => "meeting", AgreedAction => "action", _ => "partnership" };

    static MeetingHeld Held() => new(new MeetingDetails { Partners = ["DK"], Kind = "talks", Date = Edtf.Parse("2026-01-27") });

    static MeetingStatementRecorded Said(int number, Force force = Force.Intent) =>
        new(new Statement { Number = number, Force = force, Speaker = "joint", Text = $"statement {number}" });

    AgreedAction Agreed() => Fold(AgreedAction.Initial, new ActionAgreed(new ActionDetails { Partner = "DK", What = "a list", OwedBy = OwedBy.Both, On = Edtf.Parse("2026-01-27") }));

    [Fact]
    public void A_statement_marked_higher_leaves_its_meeting_as_it_was_marked()
    {
        var meeting = Fold(Fold(Fold(Meeting.Initial, Held()), Said(1)), Said(2), Marking.Secret);
        meeting.Marking.ShouldBe(Marking.Restricted);
        restricted.Cover(meeting).ShouldBeTrue();
        ((Meeting)meeting.SeenWith(restricted)).Statements.Select(s => s.Said.Number).ShouldBe([1]);
        ((Meeting)meeting.SeenWith(secret)).Statements.Select(s => s.Said.Number).ShouldBe([1, 2]);
        meeting.HiddenEvents(restricted).ShouldBe([Sample.Event(3)]);
    }

    [Fact]
    public void What_speaks_of_a_hidden_statement_is_hidden_with_it()
    {
        var meeting = Fold(Fold(Meeting.Initial, Held()), Said(1), Marking.Secret);
        meeting = Fold(meeting, new MeetingStatementReclassified(1, Force.AgreedAction), Marking.Secret);
        meeting = Fold(meeting, new MeetingCorrected([], Sample.Event(2)), Marking.Secret);
        meeting.Marking.ShouldBe(Marking.Restricted);
        meeting.HiddenEvents(restricted).ShouldBe([Sample.Event(2), Sample.Event(3), Sample.Event(4)]);
        meeting.SeenWith(restricted).ChangedFields.ShouldBeNull();
        meeting.SeenWith(secret).ChangedFields.ShouldNotBeNull();
    }

    [Fact]
    public void Any_other_event_that_is_marked_higher_raises_the_record() =>
        Fold(Fold(Meeting.Initial, Held()), new MeetingValidated(), Marking.Confidential).Marking.ShouldBe(Marking.Confidential);

    [Fact]
    public void A_hidden_follow_up_takes_its_change_of_state_and_its_review_with_it()
    {
        var command = Sample.Event(900);
        var action = Fold(Agreed(), new ActionReviewDateSet(new(2026, 5, 1)));
        action = Fold(action, new ActionFollowUpRecorded(Edtf.Parse("2026-02-01"), "done", ActionState.ReportedDone, new(2026, 9, 1)), Marking.Secret, command: command);
        action = Fold(action, new ActionReportedDone(Edtf.Parse("2026-02-01")), Marking.Secret, command: command);
        action.State.ShouldBe(ActionState.ReportedDone);
        action.Details!.ReviewOn.ShouldBe(new DateOnly(2026, 9, 1));
        action.Marking.ShouldBe(Marking.Restricted);
        var seen = (AgreedAction)action.SeenWith(restricted);
        (seen.State, seen.FollowUps.Count, seen.Details!.ReviewOn).ShouldBe((ActionState.Agreed, 0, new DateOnly(2026, 5, 1)));
        action.HiddenEvents(restricted).ShouldBe([Sample.Event(3), Sample.Event(4)]);
    }

    [Fact]
    public void A_secret_note_does_not_hide_its_partnership()
    {
        var partnership = Fold(Fold(Partnership.Initial, new PartnershipOpened(new PartnershipDetails { Partner = "DK" })), new PartnershipNoteAdded("a note"), Marking.Secret);
        partnership.Marking.ShouldBe(Marking.Restricted);
        ((Partnership)partnership.SeenWith(restricted)).Notes.ShouldBeEmpty();
    }

    [Fact]
    public void A_reader_needs_to_be_in_every_group()
    {
        var meeting = Fold(Fold(Meeting.Initial, Held(), groups: ["case-1"]), Said(1), groups: ["desk-north"]);
        secret.Cover(meeting).ShouldBeFalse();
        ReaderRights.All.Cover(meeting).ShouldBeTrue();
        var desk = new ReaderRights(Marking.Restricted, new HashSet<string>(["desk-north"]));
        desk.Cover(meeting).ShouldBeFalse();
        var case1 = new ReaderRights(Marking.Restricted, new HashSet<string>(["case-1"]));
        case1.Cover(meeting).ShouldBeTrue();
        ((Meeting)meeting.SeenWith(case1)).Statements.ShouldBeEmpty();
        ((Meeting)meeting.SeenWith(new(Marking.Restricted, new HashSet<string>(["case-1", "desk-north"])))).Statements.ShouldNotBeEmpty();
        meeting.Groups.ShouldBe(["case-1"]);
    }

    [Fact]
    public void Lowering_takes_a_second_person()
    {
        var meeting = Fold(Meeting.Initial, Held(), Marking.Confidential);
        meeting = Fold(meeting, meeting.AskLowering(Marking.Open, null, null).Single().Event, actor: "steward-1");
        meeting.Marking.ShouldBe(Marking.Confidential);
        var asked = meeting.LoweringsAsked!.Single().Event;
        Should.Throw<Refusal>(() => meeting.Lower(asked, "steward-1")).Slug.ShouldBe("same-person-lowers");
        Should.Throw<Refusal>(() => meeting.Lower(Sample.Event(99), "steward-2")).Slug.ShouldBe("no-such-item");
        Should.Throw<Refusal>(() => meeting.AskLowering(Marking.Restricted, null, null)).Slug.ShouldBe("lowering-asked");
        meeting = Fold(meeting, meeting.Lower(asked, "steward-2").Single().Event);
        (meeting.Marking, meeting.LoweringsAsked).ShouldBe((Marking.Open, null));
    }

    [Fact]
    public void Lowering_a_record_lowers_the_parts_that_were_not_above_it_when_written()
    {
        var meeting = Fold(Fold(Fold(Meeting.Initial, Held(), Marking.Confidential), Said(1), Marking.Confidential), Said(2), Marking.Secret);
        meeting = Fold(meeting, meeting.AskLowering(Marking.Restricted, null, null).Single().Event, actor: "steward-1");
        meeting = Fold(meeting, meeting.Lower(meeting.LoweringsAsked!.Single().Event, "steward-2").Single().Event);
        ((Meeting)meeting.SeenWith(restricted)).Statements.Select(s => s.Said.Number).ShouldBe([1]);
        var part = meeting.Statements[1].Event;
        Should.Throw<Refusal>(() => meeting.AskLowering(Marking.Secret, null, part)).Slug.ShouldBe("marking-not-lower");
        meeting = Fold(meeting, meeting.AskLowering(Marking.Open, null, part).Single().Event, actor: "steward-1");
        meeting = Fold(meeting, meeting.Lower(meeting.LoweringsAsked!.Single().Event, "steward-2").Single().Event);
        // No part falls below its record.
        meeting.MarksOf(part).ShouldBe(new Marks(Marking.Restricted));
        ((Meeting)meeting.SeenWith(restricted)).Statements.Count.ShouldBe(2);
    }

    [Fact]
    public void Raising_only_adds()
    {
        var meeting = Fold(Meeting.Initial, Held(), Marking.Confidential, ["case-1"]);
        meeting.RaiseMarking(Marking.Restricted, null, null).ShouldBeEmpty();
        meeting.RaiseMarking(null, ["case-1"], null).ShouldBeEmpty();
        meeting = Fold(meeting, meeting.RaiseMarking(Marking.Restricted, ["desk-north"], null).Single().Event);
        (meeting.Marking, string.Join(' ', meeting.Groups!)).ShouldBe((Marking.Confidential, "case-1 desk-north"));
    }

    [Fact]
    public void A_part_is_raised_alone()
    {
        var meeting = Fold(Fold(Meeting.Initial, Held()), Said(1));
        meeting = Fold(meeting, meeting.RaiseMarking(Marking.Secret, null, Sample.Event(2)).Single().Event, Marking.Secret);
        meeting.Marking.ShouldBe(Marking.Restricted);
        ((Meeting)meeting.SeenWith(restricted)).Statements.ShouldBeEmpty();
        meeting.HiddenEvents(restricted).ShouldBe([Sample.Event(2), Sample.Event(3)]);
        Should.Throw<Refusal>(() => meeting.RaiseMarking(Marking.Secret, null, Sample.Event(1))).Slug.ShouldBe("no-such-item");
    }

    [Theory, InlineData("desk-north", true), InlineData("d", true), InlineData("", false), InlineData("Desk", false), InlineData("1desk", false), InlineData("a b", false)]
    public void A_group_is_named_in_lower_case_letters_digits_and_dashes(string name, bool is_) => MarkingDecisions.IsGroup(name).ShouldBe(is_);
}
