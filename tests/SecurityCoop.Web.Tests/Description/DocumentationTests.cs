using Xunit;

namespace SecurityCoop.Web.Tests.Description;

/// <summary>What is written about the interface and the events says what the code does.</summary>
public sealed class DocumentationTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task The_page_of_the_http_interface_is_up_to_date() =>
        Documents.ShouldBeUpToDate("docs/http.md", new HttpPage((await host.Interface())).Write());

    [Fact]
    public void The_page_of_the_events_is_up_to_date() => Documents.ShouldBeUpToDate("docs/events.md", new EventsPage(Documents.Root).Write());
}
