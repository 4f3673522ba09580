using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>A note or statement that is kept for a person: the decision says so, the state knows where it stands, nothing repeats it.</summary>
public class ProtectedTextTests
{
    const string Person = "person-1";
    static readonly Protected note = new("/note", Person), text = new("/text", Person);

    [Fact]
    public void A_decision_names_the_text_to_be_protected()
    {
        Action(Agreed()).State.FollowUp(D("2026-01-05"), "a note", null, null, null, Person).Single().Protect.ShouldBe(note);
        Action(Agreed()).State.FollowUp(D("2026-01-05"), "a note", null, null, null).Single().Protect.ShouldBeNull();
        Partnership(new PartnershipOpened { Partner = "DK" }).State.AddNote("a note", null, Person).Single().Protect.ShouldBe(note);
        var said = new NewStatement(Said(Force.Discussed), ProtectFor: Person);
        RecordMeeting.Decide(MeetingStream, Held(), true, [said], null, Asked())[0].Facts[1].Protect.ShouldBe(text);
    }

    [Fact]
    public void What_is_folded_holds_only_for_whom_it_is_kept()
    {
        var at = At(2) with { Protected = [note, text] };
        var followUp = Action(Agreed()).State.Evolve(new ActionFollowUpRecorded(D("2026-01-05"), null), at).FollowUps.Single();
        (followUp.Note, followUp.ProtectedFor).ShouldBe((null, Person));
        var partnership = Partnership(new PartnershipOpened { Partner = "DK" }).State;
        (partnership.Evolve(new PartnershipNoteAdded(null), at).Notes.Single().ProtectedFor).ShouldBe(Person);
        var meeting = Meeting(Held()).State.Evolve(new MeetingStatementRecorded(Said(Force.Discussed, text: null)), at);
        meeting.Statements.Single().ProtectedFor.ShouldBe(Person);
        Refused(() => meeting.Correct(Fields("""{"text":"x"}""", at.Event)), "protected-text", "/fields/text");
    }

    [Theory, InlineData(Force.AgreedAction, "what-or-text", "/statements/0/action/what"), InlineData(Force.PlannedInstrument, "title-or-text", "/statements/0/instrument/title")]
    public void What_a_protected_statement_opens_needs_words_of_its_own(Force force, string slug, string field) =>
        Refused(() => RecordMeeting.Decide(MeetingStream, Held(), true, [new(Said(force), ProtectFor: Person)], null, Asked()), slug, field);
}
