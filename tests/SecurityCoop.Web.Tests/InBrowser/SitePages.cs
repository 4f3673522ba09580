namespace SecurityCoop.Web.Tests.InBrowser;

/// <summary>The pages that are looked at, one of each sort.</summary>
static class SitePages
{
    public static readonly IReadOnlyList<string> All =
    [
        "/", "/?status=suspended", "/?knownAt=@60&asOf=2026-01-31", "/partnerships/DK", "/partnerships/PK?asOf=2026-02-01&knownAt=@80",
        "/records/DK-MTG-0001", "/records/DK-ACT-0001", "/records/DK-INS-0001", "/records/PER-0001", "/records/ORG-0001", "/records/SRC-0001", "/records/NO-MTG-9999",
        "/meetings", "/actions", "/instruments", "/people", "/organisations", "/sources", "/occasions", "/search?q=Danemark", "/calendar",
        "/meetings/new", "/intake", "/actions/DK-ACT-0001/follow-ups", "/meetings/DK-MTG-0001/corrections", "/instruments/DK-INS-0001/acts", "/people/new",
        "/import", "/audit", "/audit/events/2", "/audit/openings", "/help", "/sessions", "/administration/users",
    ];

    static readonly string[] languages = ["fr", "en", "ar"];

    /// <summary>A third of the pages for each language, so that a check meets each page once and each language a dozen times.</summary>
    /// <param name="turn">Different checks take different turns: a page then meets each language in one of them.</param>
    public static IEnumerable<string> ByTurns(string language, int turn) => All.Where((_, i) => (i + turn) % 3 == Array.IndexOf(languages, language));

    /// <summary>A page's address in a language.</summary>
    public static string In(this HostFixture host, string language, string path) =>
        $"{host.Address}{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lang={language}";
}
