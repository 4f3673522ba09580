using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Organisations that a steward makes partners (model.md, "Settled in November 2026", Partners).</summary>
public sealed class PartnerOrganisationTests(HostFixture host) : IClassFixture<HostFixture>
{
    async Task<string> Organisation(string name, string marking = "open") => (await host.Http.Record("/api/organisations",
        $$"""{"names": {"fr": "{{name}} (fr)", "en": "{{name}} (en)", "ar": "{{name}} (ar)"}, "marking": "{{marking}}"}""")).Reference!;

    [Theory]
    [InlineData("UK", "GB?")]
    [InlineData("EL", "GR?")]
    [InlineData("gb", "GB?")]
    [InlineData("GB", "")]
    [InlineData("xyz", "")]
    [InlineData("", "")]
    [InlineData("...", "")]
    public void A_suggestion_is_said_with_a_question_mark(string text, string said) => Known.Suggestion(text).ShouldBe(said);

    [Fact]
    public async Task An_organisation_is_a_partner_from_the_command_on_that_gives_it_a_code()
    {
        var organisation = await Organisation("Conference of Chiefs");
        const string meeting = """{"partners": ["CHIEFS"], "kind": "talks", "date": "2026-01-20"}""";
        (await host.Http.Command("/api/meetings", meeting)).ShouldBeProblem(400, "unknown-partner", "/partners/0");

        var given = await host.Http.Record($"/api/organisations/{organisation}/partner-code", """{"code": "CHIEFS"}""");

        given.Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString())
            .ShouldBe(["organisation_partner_code_given", "partnership_opened"]);
        (await host.Http.Record("/api/meetings", meeting)).Reference.ShouldBe("CHIEFS-MTG-0001");
        var status = (await host.Http.Read("/api/partnerships/CHIEFS")).Json;
        status.GetProperty("partner").GetProperty("name").GetProperty("ar").GetString().ShouldBe("Conference of Chiefs (ar)");
        status.GetProperty("status").GetString().ShouldBe("contact");
        (await host.Http.Read($"/api/organisations/{organisation}")).Json.GetProperty("partnerCode").GetString().ShouldBe("CHIEFS");
        (await host.Http.Read("/api/search?q=Chiefs&kind=meeting")).Items.Count.ShouldBe(1);
        (await host.Http.Command("/api/actions", """{"partner": "conference of chiefs (EN)", "what": "x", "owedBy": "home"}"""))
            .Json.GetProperty("detail").GetString().ShouldEndWith("CHIEFS?");
        (await host.Http.Command($"/api/organisations/{organisation}/partner-code", """{"code": "CHIEFS"}""")).Json.GetProperty("events").GetArrayLength()
            .ShouldBe(0);

        await host.Http.Record($"/api/organisations/{organisation}/names", """{"names": {"fr": "C", "en": "Chiefs united", "ar": "D"}, "on": "2026-01-25"}""");
        await host.Services.GetRequiredService<Organisations.PartnerDirectory>().Refresh(TestContext.Current.CancellationToken);
        (await host.Http.Read("/api/partnerships/CHIEFS")).Json.GetProperty("partner").GetProperty("name").GetProperty("en").GetString()
            .ShouldBe("Chiefs united");
    }

    [Fact]
    public async Task A_code_is_given_once_by_a_steward_and_to_one_organisation()
    {
        var (first, second) = (await Organisation("First"), await Organisation("Second"));
        using var recorder = await host.As(Marking.Secret, Role.Recorder);
        (await recorder.Command($"/api/organisations/{first}/partner-code", """{"code": "FIRSTONE"}""")).ShouldBeProblem(403, "forbidden");
        await host.Http.Record($"/api/organisations/{first}/partner-code", """{"code": "FIRSTONE"}""");
        (await host.Http.Command($"/api/organisations/{second}/partner-code", """{"code": "FIRSTONE"}""")).ShouldBeProblem(400, "partner-code-taken", "/code");
        (await host.Http.Command($"/api/organisations/{first}/partner-code", """{"code": "ANOTHER"}""")).ShouldBeProblem(409, "partner-code-fixed");
        (await host.Http.Command($"/api/organisations/{second}/partner-code", """{"code": "INTERPOL"}""")).ShouldBeProblem(400, "partner-code-taken", "/code");
        (await host.Http.Command($"/api/organisations/{second}/partner-code", """{"code": "NOR"}""")).ShouldBeProblem(400, "not-a-partner-code", "/code");
    }

    [Fact]
    public async Task Two_organisations_that_are_given_one_code_at_once_do_not_both_get_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var code = $"RIVALS{(char)('A' + round)}";
            var organisations = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Organisation($"Rival {code} {n}")));
            var answers = await Task.WhenAll(organisations.Select(o => host.Http.Command($"/api/organisations/{o}/partner-code", $$"""{"code": "{{code}}"}""")));
            answers.Count(a => (int)a.Status == 200).ShouldBe(1);
            foreach (var refused in answers.Where(a => (int)a.Status != 200)) refused.ShouldBeProblem(400, "partner-code-taken", "/code");
        }
    }

    [Fact]
    public async Task A_name_that_not_everybody_may_see_is_not_shown_beside_the_code()
    {
        var hidden = await Organisation("Hidden office", "confidential");
        await host.Http.Record($"/api/organisations/{hidden}/partner-code", """{"code": "HIDDENONE"}""");
        (await host.Http.Read("/api/partnerships/HIDDENONE")).Text.ShouldNotContain("Hidden office");
    }
}
