using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>Two records of one person or organisation become one.</summary>
public class MergingTests
{
    static Person Described(params object[] then) => new Given<Person>(Person.Initial, (s, e, at) => s.Evolve(e, at)).And([new PersonDescribed(new("person-1", "a name"), "Latn", "DK"), .. then]).State;
    static Organisation Service(string acronym, string? country = null) => new Given<Organisation>(Organisation.Initial, (s, e, at) => s.Evolve(e, at))
        .And(new OrganisationDescribed { Names = new() { ["fr"] = "Sûreté nationale" }, Acronyms = new() { ["fr"] = acronym }, Country = country }).State;

    static IReadOnlyList<StreamFacts> Merge(Person gone, string asked, string into, Person stays, string? gc = null, string? sc = null) =>
        Merging.Merge("person-1", gone, asked, into, stays, (gc, sc), x => new PersonMerged(x), x => new PersonAbsorbed(x));

    [Fact]
    public void The_merged_record_names_its_survivor_and_the_survivor_what_it_absorbed()
    {
        var streams = Merge(Described(), "person-2", "person-2", Described());
        streams.Select(s => (s.Stream, Json(s.Facts.Single().Event))).ShouldBe([("person-1", Json(new PersonMerged("person-2"))), ("person-2", Json(new PersonAbsorbed("person-1")))]);
        Described(new PersonMerged("person-2")).MergedInto.ShouldBe("person-2");
        Described(new PersonAbsorbed("person-1"), new PersonAbsorbed("person-3")).Absorbed.ShouldBe(["person-1", "person-3"]);
    }

    [Fact]
    public void Merged_again_into_the_same_it_changes_nothing_and_into_a_third_it_is_refused()
    {
        Merge(Described(new PersonMerged("person-2")), "person-2", "person-2", Described()).ShouldBeEmpty();
        Refused(() => Merge(Described(new PersonMerged("person-2")), "person-3", "person-3", Described()), "merged");
    }

    [Fact]
    public void Values_do_not_come_back_under_the_name_of_somebody_who_was_erased()
    {
        var erased = Described(new PersonErased(1, "law", "a", "b", Event(2), 1));
        Refused(() => Merge(Described(), "person-2", "person-2", erased), "erased");
        Merge(erased, "person-2", "person-2", Described()).Count.ShouldBe(2);
        Merge(erased, "person-2", "person-2", erased).Count.ShouldBe(2);
    }

    [Fact]
    public void Nothing_is_merged_into_itself_in_a_circle_or_into_what_is_withdrawn()
    {
        Refused(() => Merge(Described(), "person-1", "person-1", Described()), "itself", "/into");
        Refused(() => Merge(Described(), "person-2", "person-1", Described()), "merge-cycle", "/into");
        Refused(() => Merge(Described(), "person-2", "person-2", Described(new PersonMerged("person-1"))), "merge-cycle", "/into");
        Refused(() => Merge(Described(), "person-2", "person-2", Described(new PersonWithdrawn())), "withdrawn");
        Refused(() => Merge(Described(new PersonWithdrawn()), "person-2", "person-2", Described()), "withdrawn");
    }

    [Fact]
    public void Two_services_of_one_acronym_stay_two()
    {
        var (one, other) = (Service("DGSN", "MA"), Service("DGSN", "DZ"));
        Refused(() => Merging.Merge("organisation-1", one, "organisation-2", "organisation-2", other, (one.Details!.Country, other.Details!.Country), x => new OrganisationMerged(x), x => new OrganisationAbsorbed(x)), "merge-differs")
            .Args.ShouldBe(["XX-0001", "MA", "XX-0001", "DZ"]);
        var unknown = Service("DGSN");
        Merging.Merge("organisation-1", unknown, "organisation-2", "organisation-2", other, (null, "DZ"), x => new OrganisationMerged(x), x => new OrganisationAbsorbed(x))
            .Select(s => Json(s.Facts.Single().Event)).ShouldBe([Json(new OrganisationMerged("organisation-2")), Json(new OrganisationAbsorbed("organisation-1"))]);
    }

    [Theory]
    [InlineData("2024", "2023", true)]
    [InlineData("2024", "2024", false)]
    [InlineData("", "2023", false)]
    [InlineData("[..2024-11-25]", "2020", false)]
    public void An_office_does_not_end_before_it_starts(string from, string until, bool refused)
    {
        var office = new PersonOfficeRecorded("Director", "organisation-1", D(from), D(until), true);
        if (refused) Refused(() => Described().RecordOffice(office, null), "ends-before-it-starts", "/until");
        else Described().RecordOffice(office, null).Single().Event.ShouldBe(office);
    }

    [Theory]
    [InlineData("Latn", false)]
    [InlineData("Arab", false)]
    [InlineData("arabic", true)]
    [InlineData("LATN", true)]
    public void A_names_script_is_a_code_of_the_standard(string script, bool refused)
    {
        if (refused) Refused(() => Described().AddName("person-1", NameKind.Variant, "x", script, null), "not-a-script", "/script");
        else ((PersonNameVariantAdded)Described().AddName("person-1", NameKind.Variant, "x", script, null).Single().Event).Script.ShouldBe(script);
    }
}
