using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>What pages are told of that was recorded since they were read.</summary>
public sealed class NewsTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Fact]
    public async Task Events_of_records_that_the_reader_may_see_are_news_and_nothing_else()
    {
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        var head = await host.Head();
        (await Of(reader, head)).ShouldBeEmpty();
        await host.Http.Record("/api/occasions", """{"what":"Secret","date":"2026-03","marking":"secret"}""");
        (await Of(reader, head)).ShouldBeEmpty();
        await host.Http.Record("/api/occasions", """{"what":"Seen","date":"2026-03"}""");
        (await Of(reader, head)).Count.ShouldBe(1);
        (await Of(host.Http, head)).Count.ShouldBe(2);
    }

    static async Task<List<long>> Of(HttpClient http, long after) => [.. (await http.Read($"/news?after={after}")).Json.GetProperty("positions").EnumerateArray().Select(p => p.GetInt64())];
}
