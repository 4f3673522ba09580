using SecurityCoop.Register.Occasions;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>People, organisations, sources and occasions: the records that others refer to.</summary>
public class SmallRecordTests
{
    static Given<T> From<T>(T initial, Func<T, object, At, T> evolve, params object[] events) where T : RecordState => new Given<T>(initial, evolve).And(events);
    static Given<Person> Person(params object[] events) => From(People.Person.Initial, (s, e, at) => s.Evolve(e, at), events);
    static Given<Organisation> Organisation(params object[] events) => From(Organisations.Organisation.Initial, (s, e, at) => s.Evolve(e, at), events);
    static Given<Source> Source(params object[] events) => From(Sources.Source.Initial, (s, e, at) => s.Evolve(e, at), events);
    static Given<Occasion> Occasion(params object[] events) => From(Occasions.Occasion.Initial, (s, e, at) => s.Evolve(e, at), events);

    static readonly PersonDescribed person = new(new("person-1", "a name"), "Latn", "DK");
    static readonly OrganisationDescribed police = new() { Names = new() { ["en"] = "Police" } };
    static readonly SourceRegistered source = new() { Title = "Communiqué" };
    static readonly OccasionDescribed assembly = new() { What = "General assembly", Date = D("2025-11") };

    [Fact]
    public void A_person_is_described_with_a_protected_name_and_no_state_holds_it()
    {
        var described = People.Person.Describe("person-1", "a name", "Latn", "DK", "a contact", null);
        described.ReferencePrefix.ShouldBe("PER");
        var e = (PersonDescribed)described.Facts.Single().Event;
        (e.Name, e.Contact).ShouldBe((new Sensitive("person-1", "a name"), new Sensitive("person-1", "a contact")));
        var state = Person(e, new PersonNameVariantAdded(new("person-1", "a variant"))).State;
        System.Text.Json.JsonSerializer.Serialize(state, RegisterJson.Of<Person>()).ShouldNotContain("a name");
        state.Names.Select(n => n.Kind).ShouldBe([NameKind.Name, NameKind.Contact, NameKind.Variant]);
        Refused(() => People.Person.Describe("person-1", " ", null, null, null, null), "required", "/name");
    }

    [Fact]
    public void An_organisation_is_given_one_partner_code_for_ever()
    {
        var known = Organisation(police).State;
        known.GivePartnerCode("POLICE1", taken: false).Single().Event.ShouldBe(new OrganisationPartnerCodeGiven("POLICE1"));
        Refused(() => known.GivePartnerCode("POLICE1", taken: true), "partner-code-taken", "/code");
        foreach (var odd in (string[])["PO", "police", "1POLICE", "A_B", "MUL", "PER", "ORG", "SRC", "OCC", "DK", "DNK", "XKX", "ABCDEFGHIJKLMNOPQ", ""])
            Refused(() => known.GivePartnerCode(odd, taken: false), "not-a-partner-code", "/code");

        var partner = Organisation(police, new OrganisationPartnerCodeGiven("POLICE1")).State;
        partner.PartnerCode.ShouldBe("POLICE1");
        partner.GivePartnerCode("POLICE1", taken: true).ShouldBeEmpty();
        Refused(() => partner.GivePartnerCode("POLICE2", taken: false), "partner-code-fixed");
    }

    [Fact]
    public void A_person_whose_values_stay_closed_is_folded_all_the_same() => Person(new PersonDescribed(null, "Latn", "DK")).State.Names.Count.ShouldBe(2);

    [Fact]
    public void Names_are_added_as_variants_or_as_erroneous()
    {
        Person(person).When(p => p.AddName("person-1", NameKind.Variant, "x", "Arab", null)).Then(new PersonNameVariantAdded(new("person-1", "x"), "Arab"));
        Person(person).When(p => p.AddName("person-1", NameKind.Erroneous, "y", null, null)).Then(new PersonErroneousNameNoted(new("person-1", "y")));
        Person(person).When(p => p.AddName("person-1", NameKind.Name, "z", null, null)).ThenRefused("only-for", "/kind");
        Person(person).When(p => p.AddName("person-1", NameKind.Variant, "", null, null)).ThenRefused("required", "/name");
    }

    [Fact]
    public void An_office_is_recorded_once_corrected_and_withdrawn()
    {
        var office = new PersonOfficeRecorded("Director", "organisation-1", D("2024"));
        Person(person).When(p => p.RecordOffice(office, null)).ThenOnce(office);
        Person(person).When(p => p.RecordOffice(office with { Title = "" }, null)).ThenRefused("required", "/title");
        var given = new Given<Person>(Person(person).State.Evolve(office, At(2)), (s, e, at) => s.Evolve(e, At(3)));
        given.And(given.State.Correct(Fields("""{"until":"2026"}""", Event(2))).Select(f => f.Event)).State.Offices[0].Office.Until.ShouldBe(D("2026"));
        given.When(p => p.Correct(Fields("""{"title":" "}""", Event(2)))).ThenRefused("required", "/fields/title");
        given.When(p => p.Correct(Fields("""{"title":"x"}""", Event(9)))).ThenRefused("no-such-item", "/of");
        given.When(p => p.Withdraw(Event(2))).ThenOnce(new PersonWithdrawn(Event(2))).State.Offices[0].Withdrawn.ShouldBeTrue();
        given.When(p => p.Correct(Fields("""{"name":"x"}"""))).ThenRefused("unknown-field", "/fields/name");
        given.When(p => p.Correct(Fields("""{"country":"DK"}"""))).ThenNothing();
    }

    [Fact]
    public void An_organisation_keeps_its_former_names()
    {
        Organisations.Organisation.Describe("organisation-1", police, null).ReferencePrefix.ShouldBe("ORG");
        var renamed = new OrganisationRenamed(new() { ["en"] = "National police" }, D("2020"));
        Organisation(police).When(o => o.Rename(renamed, null)).ThenOnce(renamed).State.FormerNames.Single().Names["en"].ShouldBe("Police");
        Refused(() => Organisations.Organisation.Describe("organisation-1", police with { Names = [] }, null), "required", "/names");
        Refused(() => Organisations.Organisation.Describe("organisation-1", police with { Names = new() { ["English"] = "x" } }, null), "not-a-language", "/names/English");
        Organisation(police).When(o => o.Correct(Fields("""{"names":{}}"""))).ThenRefused("required", "/fields/names");
        Organisation(police).When(o => o.Withdraw(null)).ThenOnce(new OrganisationWithdrawn()).When(o => o.Rename(renamed, null)).ThenRefused("withdrawn");
        Organisation(police).When(o => o.Withdraw(Event(1))).ThenRefused("no-such-item", "/of");
    }

    [Fact]
    public void A_source_has_digests_and_notes()
    {
        Sources.Source.Register("source-1", source).ReferencePrefix.ShouldBe("SRC");
        var digest = new SourceDigestRecorded(new string('a', 64));
        Source(source).When(s => s.RecordDigest(digest)).ThenOnce(digest);
        Source(source with { Sha256 = digest.Sha256 }).When(s => s.RecordDigest(digest)).ThenNothing();
        Source(source).When(s => s.RecordDigest(new("A" + new string('a', 63)))).ThenRefused("not-a-digest", "/sha256");
        Source(source).When(s => s.AddNote("doubtful")).Then(new SourceNoteAdded("doubtful"));
        Source(source).When(s => s.AddNote(" ")).ThenRefused("required", "/note");
        Refused(() => Sources.Source.Register("source-1", source with { Title = "" }), "required", "/title");
        Source(source).When(s => s.Correct(Fields("""{"sha256":"x"}"""))).ThenRefused("not-a-digest", "/fields/sha256");
        Source(source).When(s => s.Withdraw(null)).ThenOnce(new SourceWithdrawn()).When(s => s.AddNote("x")).ThenRefused("withdrawn");
    }

    [Fact]
    public void An_occasion_keeps_what_was_printed_beside_what_it_was_read_as()
    {
        Occasions.Occasion.Describe("occasion-1", assembly, null).ReferencePrefix.ShouldBe("OCC");
        Refused(() => Occasions.Occasion.Describe("occasion-1", assembly with { What = "" }, null), "required", "/what");
        var facts = Occasion(assembly).State.Correct(Fields("""{"date":"2030","dateAsGiven":"20230"}"""));
        facts.Single().Effective.ShouldBe(D("2030"));
        var details = Occasion(assembly, facts[0].Event).State.Details!;
        (details.What, details.Date, details.DateAsGiven).ShouldBe(("General assembly", D("2030"), "20230"));
        Occasion(assembly).When(o => o.Correct(Fields("""{"what":""}"""))).ThenRefused("required", "/fields/what");
        Occasion(assembly).When(o => o.Withdraw(null)).ThenOnce(new OccasionWithdrawn()).When(o => o.Correct(Fields("""{"what":"x"}"""))).ThenRefused("withdrawn");
        Occasion(assembly).When(o => o.Correct(Fields("""{"what":"x"}""", Event(1)))).ThenRefused("no-such-item", "/of");
    }

    [Fact]
    public void A_correction_says_what_stood_there_and_what_stands_there_now()
    {
        var change = ((OccasionCorrected)Occasion(assembly).State.Correct(Fields("""{"place":"Marrakech","date":"2025-11-24"}"""))[0].Event).Fields;
        change.Select(c => (c.Field, c.Old?.GetString(), c.New?.GetString())).ShouldBe([("date", "2025-11", "2025-11-24"), ("place", null, "Marrakech")]);
        var cleared = ((OccasionCorrected)Occasion(assembly with { Place = "Rabat" }).State.Correct(Fields("""{"place":null}"""))[0].Event).Fields.Single();
        (cleared.Old?.GetString(), cleared.New).ShouldBe(("Rabat", null));
    }

    [Fact]
    public void An_unknown_event_is_never_skipped()
    {
        Should.Throw<UnknownEvent>(() => Occasion(assembly).State.Evolve(source, At(2)));
        Should.Throw<UnknownEvent>(() => Source(source).State.Evolve(assembly, At(2)));
        Should.Throw<UnknownEvent>(() => Organisation(police).State.Evolve(assembly, At(2)));
        Should.Throw<UnknownEvent>(() => Person(person).State.Evolve(assembly, At(2)));
        Should.Throw<UnknownEvent>(() => Meeting(Held()).State.Evolve(assembly, At(2)));
        Should.Throw<UnknownEvent>(() => Action(Agreed()).State.Evolve(assembly, At(2)));
        Should.Throw<UnknownEvent>(() => Instrument(Opened()).State.Evolve(assembly, At(2)));
        Should.Throw<UnknownEvent>(() => Partnership().State.Evolve(assembly, At(2)));
    }

    [Fact]
    public void A_record_keeps_its_first_reference_and_the_highest_marking()
    {
        var state = Occasions.Occasion.Initial.Evolve(assembly, At(5, "OCC-0001") with { Marking = Marking.Confidential })
            .Evolve(new OccasionCorrected([]), At(6, null) with { Marking = Marking.Open });
        (state.Reference, state.Marking, state.FirstPosition, state.FirstEvent).ShouldBe(("OCC-0001", Marking.Confidential, 5, Event(5)));
    }
}
