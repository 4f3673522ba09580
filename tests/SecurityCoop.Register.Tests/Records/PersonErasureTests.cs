using SecurityCoop.Register.People;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>Erasing takes two people and no hold in the way.</summary>
public class PersonErasureTests
{
    const string Law = "law 09-08, article 8", Court = "order of a court", Asker = "steward-1", Second = "steward-2";
    static readonly PersonErasureRequested requested = new(Law);
    static readonly PersonErased erased = new(2, Law, Asker, Second, Event(2), 7);

    /// <summary>A person described at position 1; each further event stands at the next, recorded by the asker.</summary>
    static Given<Person> Described(params object[] events) =>
        new Given<Person>(Person.Initial, (s, e, at) => s.Evolve(e, At(s.LastPosition + 1, "PER-0001") with { Actor = Asker })).And([new PersonDescribed(null), .. events]);

    static IReadOnlyList<Fact> Approve(Person person, string by, params Person[] absorbed) => person.ApproveErasure(by, absorbed) is { } request ? person.Erase(request, by, 2, 7) : [];

    [Fact]
    public void Given_a_request_When_a_second_person_approves_Then_the_person_is_erased_once()
    {
        var given = Described().When(p => p.RequestErasure(Law, Asker)).ThenOnce(requested);
        var after = given.When(p => Approve(p, Second)).ThenOnce(erased).State;
        after.Erased!.Position.ShouldBe(3);
        after.ErasureRequested.ShouldBeNull();
    }

    [Fact]
    public void Whoever_asked_for_an_erasure_cannot_approve_it() =>
        Described(requested).When(p => Approve(p, Asker)).ThenRefused("same-person").Args.ShouldBe(["PER-0001", Asker]);

    [Fact]
    public void Without_a_request_nothing_is_approved()
    {
        Described().When(p => Approve(p, Second)).ThenRefused("no-erasure-requested");
        Described(requested, new PersonErasureCancelled(Event(2))).When(p => Approve(p, Second)).ThenRefused("no-erasure-requested");
        Refused(() => Person.Initial.RequestErasure(Law, Asker), "not-found");
    }

    [Fact]
    public void A_request_that_stands_is_not_replaced_by_another()
    {
        Described(requested).When(p => p.RequestErasure("another law", Asker)).ThenRefused("erasure-pending").Args.ShouldBe(["PER-0001", Asker]);
        Described(requested).When(p => p.RequestErasure(Law, Second)).ThenRefused("erasure-pending");
        Described(requested).When(p => p.CancelErasure()).ThenOnce(new PersonErasureCancelled(Event(2))).When(p => p.RequestErasure("another law", Second)).Then(new PersonErasureRequested("another law"));
        Described().When(p => p.RequestErasure(" ", Asker)).ThenRefused("required", "/legalBasis");
    }

    [Fact]
    public void While_a_hold_stands_nothing_is_erased()
    {
        var held = Described(requested).When(p => p.PlaceHold(Court)).ThenOnce(new PersonHoldPlaced(Court));
        held.When(p => Approve(p, Second)).ThenRefused("legal-hold").Args.ShouldBe(["PER-0001", Court]);
        Described(new PersonHoldPlaced(Court)).When(p => p.RequestErasure(Law, Asker)).ThenRefused("legal-hold");
        held.When(p => p.ReleaseHold(null)).ThenOnce(new PersonHoldReleased(Event(3))).When(p => Approve(p, Second)).Then(erased);
    }

    [Fact]
    public void Of_several_holds_each_is_released_by_name()
    {
        var two = Described(new PersonHoldPlaced(Court), new PersonHoldPlaced("an inquiry"));
        two.When(p => p.ReleaseHold(null)).ThenRefused("required", "/of");
        two.When(p => p.ReleaseHold(Event(1))).ThenRefused("no-such-item", "/of");
        var one = two.When(p => p.ReleaseHold(Event(2))).ThenOnce(new PersonHoldReleased(Event(2)));
        one.When(p => p.RequestErasure(Law, Asker)).ThenRefused("legal-hold").Args.ShouldBe(["PER-0001", "an inquiry"]);
        one.When(p => p.PlaceHold(Court)).Then(new PersonHoldPlaced(Court));
        Described().When(p => p.ReleaseHold(null)).ThenNothing();
    }

    [Fact]
    public void Of_an_erased_person_no_name_is_recorded_and_nothing_is_kept()
    {
        var gone = Described(requested, erased);
        gone.When(p => p.AddName("person-1", NameKind.Variant, "x", null, null)).ThenRefused("erased");
        gone.When(p => p.PlaceHold(Court)).ThenRefused("erased");
        gone.When(p => p.RequestErasure(Law, Asker)).ThenNothing();
        gone.When(p => p.CancelErasure()).ThenNothing();
    }

    [Fact]
    public void A_record_that_was_withdrawn_can_be_held_and_erased()
    {
        var withdrawn = Described(new PersonWithdrawn());
        withdrawn.When(p => p.PlaceHold(Court)).Then(new PersonHoldPlaced(Court));
        withdrawn.When(p => p.RequestErasure(Law, Asker)).Then(requested).When(p => Approve(p, Second)).Then(erased with { Request = Event(3) });
    }

    // A person is erased under every reference, or under none.
    [Fact]
    public void What_was_merged_into_a_person_is_erased_or_held_with_it()
    {
        var (plain, held) = (Described().State, Described(new PersonHoldPlaced(Court)).State with { Reference = "PER-0002" });
        Described().When(p => p.RequestErasure(Law, Asker, plain)).Then(requested).When(p => Approve(p, Second, plain)).Then(erased);
        Described().When(p => p.RequestErasure(Law, Asker, plain, held)).ThenRefused("legal-hold").Args.ShouldBe(["PER-0002", Court]);
        Described(requested).When(p => Approve(p, Second, held)).ThenRefused("legal-hold").Args.ShouldBe(["PER-0002", Court]);

        // Asked for under the other reference, before the two were merged.
        var asked = Described(requested).State with { Reference = "PER-0002" };
        Described().When(p => p.RequestErasure("another law", Asker, asked)).ThenRefused("erasure-pending");
        Described().When(p => Approve(p, Asker, asked)).ThenRefused("same-person");
        Described().When(p => Approve(p, Second, asked)).Then(erased);

        // One of two is erased already: the other is still to be, and the first is not erased twice.
        var gone = Described(requested, erased).State;
        Described().When(p => p.RequestErasure(Law, Asker, gone)).Then(requested);
        gone.Erase(asked.ErasureRequested!, Second, 2, 7).ShouldBeEmpty();
        Described(requested, erased).When(p => Approve(p, Second, gone)).ThenNothing();
    }
}
