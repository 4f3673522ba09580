using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Calendar;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Recording;
using SecurityCoop.Web.Search;

namespace SecurityCoop.Web.Pages;

/// <summary>A link of the navigation.</summary>
/// <param name="Address">Where it leads; with a query where a page has several lists.</param>
/// <param name="Role">Who may go there: to others the link is not shown.</param>
/// <param name="Section">What a page below it says it belongs to (a record's kind); null: no page does.</param>
sealed record NavigationLink(string Address, Label Name, Role Role, string? Section = null)
{
    /// <summary>What aria-current says of the link on a page: "page" on the page itself, "true" on one that belongs to it, otherwise nothing.</summary>
    /// <param name="section">Of the page.</param>
    public string? CurrentOn(HttpRequest? request, string? section)
    {
        var (path, query) = Address.Split('?') is [var p, var q] ? (p, q.Split('=')) : (Address, null);
        if (request?.Path == path && (query is null ? !request.Query.ContainsKey("kind") : request.Query[query[0]] == query[1])) return "page";
        return section is not null && section == Section ? "true" : null;
    }
}

/// <summary>What there is to go to, in the order of the navigation. A new page adds its line here.</summary>
static class Navigation
{
    public static readonly IReadOnlyList<NavigationLink> Links =
    [
        new("/", Words.BackToStatus, Role.Reader, "partnership"),
        .. Lists.RecordLists.All.Select(list => new NavigationLink(list.Path, list.Title, Role.Reader, list.Kind.Name)),
        new("/search", SearchWords.Title, Role.Reader),
        new(RecordingPages.Path, RecordingWords.Title, Role.Recorder),
        new("/calendar", CalendarWords.Calendar, Role.Reader),
        new(ImportPages.Path, ImportPageWords.Title, Role.Recorder),
        new(AuditPages.Path, AuditWords.Audit, Role.Auditor),
        new(UserPages.Path, PageWords.Administration, Role.Administrator, "user"),
    ];
}
