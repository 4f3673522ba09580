using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Codes of partners: Kosovo's is taken, another code or a name is refused with the code that was probably meant, and finds the partner (model.md, "Partners").</summary>
public sealed class PartnerCodeTests(HostFixture host) : IClassFixture<HostFixture>
{
    static string Meeting(string partner) => $$"""{"partners": ["{{partner}}"], "kind": "talks", "date": "2025-05-05"}""";

    [Fact]
    public async Task Kosovo_is_a_partner() => (await host.Http.Record("/api/meetings", Meeting("XK"))).Reference.ShouldBe("XK-MTG-0001");

    [Theory]
    [InlineData("UK", "GB?")]
    [InlineData("EL", "GR?")]
    [InlineData("gb", "GB?")]
    [InlineData("TUR", "TR?")]
    [InlineData("Turquie", "TR?")]
    [InlineData("تركيا", "TR?")]
    public async Task Another_code_or_a_name_is_refused_with_the_code_that_was_probably_meant(string given, string meant)
    {
        foreach (var language in (string[])["fr", "en", "ar"])
        {
            var refused = await host.Http.Command("/api/meetings", Meeting(given), ("Accept-Language", language));
            refused.ShouldBeProblem(400, "unknown-partner", "/partners/0");
            refused.Json.GetProperty("detail").GetString()!.ShouldEndWith(meant);
        }
        (await host.Http.Command($"/api/partnerships", $$"""{"partner": "{{given}}"}""")).ShouldBeProblem(400, "unknown-partner", "/partner");
        (await host.Http.Read($"/api/meetings?partner={Uri.EscapeDataString(given)}")).ShouldBeProblem(400, "unknown-partner", "?partner");
    }

    [Theory]
    [InlineData("GB", "UK")]
    [InlineData("TR", "Turkey")]
    [InlineData("CI", "Ivory Coast")]
    [InlineData("AE", "Émirats")]
    [InlineData("BH", "Bahrein")]
    public async Task A_search_for_what_else_a_partner_is_called_finds_it(string code, string typed)
    {
        var reference = (await host.Http.Record("/api/meetings", Meeting(code))).Reference;
        (await host.Http.Read($"/api/search?q={Uri.EscapeDataString(typed)}")).Items.Select(i => i.GetProperty("reference").GetString()).ShouldContain(reference);
    }
}
