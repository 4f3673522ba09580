using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What looks like something on file is recorded, and the answer says what it looks like.</summary>
public sealed class ResemblanceTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_meeting_typed_twice_is_recorded_and_named_also_by_a_dry_run_and_by_the_repeated_answer()
    {
        var first = """{"partners": ["SE"], "kind": "talks", "date": "2025-03-10"}""";
        var typed = """{"partners": ["SE"], "kind": "talks", "date": "2025-03"}""";
        (await Resembles("/api/meetings", first)).ShouldBeEmpty();
        (await Resembles("/api/meetings?dryRun=true", first)).ShouldBe(["SE-MTG-0001"]);
        var key = ("Idempotency-Key", "typed twice");
        var second = await host.Http.Record("/api/meetings", typed, key);
        (second.Reference, Named(second).Single()).ShouldBe(("SE-MTG-0002", "SE-MTG-0001"));
        (await Resembles("/api/meetings", first)).ShouldBe(["SE-MTG-0001", "SE-MTG-0002"]);
        await host.Http.Record("/api/meetings/SE-MTG-0001/corrections", """{"fields": {"date": "2025-03-11"}, "reason": "misprint"}""");
        (await host.Http.Command("/api/meetings", typed, key)).Text.ShouldBe(second.Text);
    }

    [Theory]
    [InlineData("""{"partners": ["FI"], "kind": "courtesy-call", "date": "2025-03-10"}""", "")] // another kind
    [InlineData("""{"partners": ["FI"], "kind": "talks", "date": "2025-03-11"}""", "")] // another day
    [InlineData("""{"partners": ["EE"], "kind": "talks", "date": "2025-03-10"}""", "")] // another partner
    [InlineData("""{"partners": ["FI"], "kind": "talks", "date": ""}""", "")] // no day at all
    [InlineData("""{"partners": ["EE", "FI"], "kind": "talks", "date": "2025-03-10"}""", "FI-MTG-0001")]
    [InlineData("""{"partners": ["FI"], "kind": "talks", "date": "2025-03-08/2025-03-12"}""", "FI-MTG-0001")]
    [InlineData("""{"partners": ["FI"], "kind": "talks", "date": "2025"}""", "FI-MTG-0001")]
    [InlineData("""{"partners": ["FI"], "kind": "talks", "date": "2025-03-10", "state": "planned"}""", "FI-MTG-0001")]
    public async Task A_meeting_is_like_another_by_partner_kind_and_day(string body, string like)
    {
        if ((await host.Http.Read("/api/meetings/FI-MTG-0001")).Status == System.Net.HttpStatusCode.NotFound)
            await host.Http.Record("/api/meetings", """{"partners": ["FI"], "kind": "talks", "date": "2025-03-10"}""");
        string.Join(' ', await Resembles("/api/meetings?dryRun=true", body)).ShouldBe(like);
    }

    [Fact]
    public async Task Only_what_stands_and_what_the_caller_may_see_is_named()
    {
        const string Body = """{"partners": ["NO"], "kind": "talks", "date": "2025-03-10"}""";
        await host.Http.Record("/api/meetings", Body.Replace("}", """, "marking": "confidential"}""", StringComparison.Ordinal));
        using var recorder = await host.As(Marking.Restricted, Role.Recorder);
        Named(await recorder.Record("/api/meetings?dryRun=true", Body)).ShouldBeEmpty();
        (await Resembles("/api/meetings?dryRun=true", Body)).ShouldBe(["NO-MTG-0001"]);
        await host.Http.Record("/api/meetings/NO-MTG-0001/withdrawal", """{"reason": "never took place"}""");
        (await Resembles("/api/meetings?dryRun=true", Body)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_instrument_is_like_another_by_partner_kind_and_what_was_done_on_a_day_or_else_by_its_title()
    {
        const string Plan = """
            {"partners": ["LV"], "kind": "talks", "date": "2025-03-10", "statements": [
              {"force": "planned-instrument", "speaker": "joint", "text": "a memorandum", "instrument": {"kind": "mou"}}]}
            """;
        await host.Http.Record("/api/meetings", Plan);
        (await Instrument("Another title", "mou", "planned", "2025-03")).ShouldBe(["LV-INS-0001"]);
        (await Instrument("Another title", "mou", "signed", "2025-03-10")).ShouldBeEmpty();
        (await Instrument("Another title", "mou", "planned", "2025-04")).ShouldBeEmpty();
        (await Instrument("Another title", "agreement", "planned", "2025-03")).ShouldBeEmpty();
        (await Instrument("Another title", "mou")).ShouldBeEmpty();
        (await Instrument("A Memorandum", "mou")).ShouldBe(["LV-INS-0001"]);
        // The same communiqué again: its meeting, and what it opens.
        (await Resembles("/api/meetings?dryRun=true", Plan)).ShouldBe(["LV-INS-0001", "LV-MTG-0001"]);

        Task<IReadOnlyList<string>> Instrument(string title, string kind, string? act = null, string? on = null)
        {
            var acts = act is null ? "" : $$"""{"kind": "{{act}}", "on": "{{on}}"}""";
            return Resembles(
                "/api/instruments?dryRun=true", $$"""{"partners": ["LV"], "kind": "{{kind}}", "title": "{{title}}", "acts": [{{acts}}]}""");
        }
    }

    [Fact]
    public async Task A_person_is_like_another_by_a_form_of_the_name_in_either_script()
    {
        var known = (await host.Http.Record(
            "/api/people", """{"name": "Abdellatif Hammouchi", "script": "Latn", "country": "DK"}""")).Reference!;
        foreach (var name in (string[])["Abdellatif Hammouchi", "HAMOUCHI Abdel-latif", "عبد اللطيف حموشي"])
            (await Person(name)).ShouldBe([known], name);
        foreach (var name in (string[])["Hammouchi", "Abdellatif", "Abdellatif Hammouchi Somebody", "Latifa Hammouchi"])
            (await Person(name)).ShouldBeEmpty(name);
        (await Person("Abdellatif Hammouchi", "DK")).ShouldBe([known]);
        (await Person("Abdellatif Hammouchi", "SE")).ShouldBeEmpty();

        var key = ("Idempotency-Key", "a namesake");
        var second = await host.Http.Record("/api/people", """{"name": "عبد اللطيف حموشي", "script": "Arab"}""", key);
        Named(second).ShouldBe([known]);
        await host.Http.Record($"/api/people/{second.Reference}/merges", $$"""{"into": "{{known}}", "reason": "one person"}""");
        (await host.Http.Command("/api/people", """{"name": "عبد اللطيف حموشي", "script": "Arab"}""", key)).Text.ShouldBe(second.Text);
        (await Person("عبد اللطيف حموشي")).ShouldBe([known]);
        await host.Restart();
        (await Person("عبد اللطيف حموشي")).ShouldBe([known]);

        Task<IReadOnlyList<string>> Person(string name, string? country = null) =>
            Resembles("/api/people?dryRun=true", $$"""{"name": "{{name}}"{{(country is null ? "" : $", \"country\": \"{country}\"")}}}""");
    }

    [Fact]
    public async Task An_organisation_is_like_another_by_a_name_that_it_has_or_had_and_not_by_an_acronym()
    {
        var known = (await host.Http.Record("/api/organisations",
            """{"names": {"fr": "Direction de la sûreté", "ar": "مديرية الأمن"}, "acronyms": {"fr": "DG"}, "country": "DK"}""")).Reference!;
        (await Organisation("fr", "direction de la surete")).ShouldBe([known]);
        (await Organisation("ar", "مديرية الأمن")).ShouldBe([known]);
        (await Organisation("fr", "Direction de la sûreté nationale")).ShouldBeEmpty();
        (await Organisation("fr", "DG")).ShouldBeEmpty();
        await host.Http.Record($"/api/organisations/{known}/names", """{"names": {"fr": "Police du royaume"}, "on": "2020-01-01"}""");
        (await Organisation("fr", "Direction de la sûreté")).ShouldBe([known]);
        (await Organisation("fr", "Police du royaume")).ShouldBe([known]);
        (await Organisation("fr", "Police du royaume", "SE")).ShouldBeEmpty();
        var second = await host.Http.Record("/api/organisations", """{"names": {"fr": "Police du royaume"}}""");
        Named(second).ShouldBe([known]);

        Task<IReadOnlyList<string>> Organisation(string language, string name, string country = "DK") =>
            Resembles("/api/organisations?dryRun=true", $$"""{"names": {"{{language}}": "{{name}}"}, "country": "{{country}}"}""");
    }

    [Fact]
    public async Task Other_kinds_and_changes_are_like_nothing()
    {
        const string Action = """{"partner": "IS", "what": "a list", "owedBy": "both", "on": "2025-03-10"}""";
        await host.Http.Record("/api/actions", Action);
        (await Resembles("/api/actions", Action)).ShouldBeEmpty();
        (await Resembles("/api/sources", """{"title": "a report"}""")).ShouldBeEmpty();
        (await Resembles("/api/sources", """{"title": "a report"}""")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2025-03-10", "2025-03-10", true), InlineData("2025-03-10", "2025-03-11", false)]
    [InlineData("2025-03", "2025-03-31", true), InlineData("2025-03", "2025-04-01", false)]
    [InlineData("2025-03-01/2025-03-10", "2025-03-10/2025-03-12", true), InlineData("2025-03-01/2025-03-10", "2025-03-11/..", false)]
    [InlineData("2025-03-01/..", "2030", true), InlineData("[..2001-06-22]", "1999", true)]
    [InlineData("[2024-11-04,2024-11-11]", "2024-11-11", true), InlineData("[2024-11-04,2024-11-11]", "2024-11-05", false)]
    [InlineData("", "", true), InlineData("", "2025", false)]
    public void Days_are_shared_or_not_whichever_is_asked_first(string a, string b, bool shared)
    {
        Resemblances.MayShareADay(Edtf.Parse(a), Edtf.Parse(b)).ShouldBe(shared);
        Resemblances.MayShareADay(Edtf.Parse(b), Edtf.Parse(a)).ShouldBe(shared);
    }

    async Task<IReadOnlyList<string>> Resembles(string path, string body) => Named(await host.Http.Record(path, body));

    static IReadOnlyList<string> Named(Answer answer) =>
        answer.Json.TryGetProperty("resembles", out var named) ? [.. named.EnumerateArray().Select(n => n.GetString()!)] : [];
}
