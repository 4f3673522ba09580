using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Partnerships;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Search;

/// <summary>What was typed into the form, each as it was typed; null: nothing.</summary>
public sealed record Typed(string? Q, string? Partner, string? Kind, string? Topic, string? From, string? To)
{
    public bool Narrows => (Partner ?? Kind ?? Topic ?? From ?? To) is not null;

    /// <summary>The same question as an address.</summary>
    public string Address(Language? other = null, string? after = null)
    {
        (string Name, string? Value)[] all = [("q", Q ?? ""), ("partner", Partner), ("kind", Kind), ("topic", Topic), ("from", From), ("to", To), ("after", after), ("lang", other?.Code)];
        return $"/search?{string.Join('&', all.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"))}";
    }

    public string WithoutFilters => new Typed(Q, null, null, null, null, null).Address();
}

/// <summary>What the page of a search shows: the interface's own answer.</summary>
/// <param name="Partners">Codes of those with whom there is a partnership that the caller may see.</param>
/// <param name="Skipped">How many items stand on earlier pages.</param>
/// <param name="Page">Null where nothing was searched.</param>
/// <param name="Fault">Why it was not, in the page's language.</param>
public sealed record SearchView(Language Language, Caller Caller, Typed Typed, IReadOnlyList<string> Partners, int Skipped, SearchPage? Page, string? Fault);

/// <summary>Search for people: the same question, the same answer as /api/search.</summary>
static class SearchPages
{
    public static Task<IResult> Get(
        HttpContext http, Searching searching, RegisterClock clock, RegisterStore store, Openings openings,
        string? q, string? partner, string? kind, string? topic, string? from, string? to, string? after) => openings.Show(http, async opener =>
    {
        var (caller, language, stop) = (http.GetCaller(), Language.Of(http), http.RequestAborted);
        var typed = new Typed(StatusPages.Given(q), StatusPages.Given(partner), StatusPages.Given(kind), StatusPages.Given(topic), StatusPages.Given(from), StatusPages.Given(to));
        var (page, skip, fault) = ((SearchPage?)null, 0, (string?)null);
        try
        {
            skip = StatusPages.Given(after) is not { } read ? 0
                : int.TryParse(read, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw Refusal.OfField("?after", "invalid-parameter");
            if (typed is not { Q: null, Narrows: false })
                page = await SearchEndpoints.Read(SearchEndpoints.Asked(clock, typed.Q, typed.Partner, typed.Kind, typed.Topic, typed.From, typed.To), skip, SearchEndpoints.DefaultLimit, http, searching, store, opener);
        }
        catch (Refusal r) when (r.Field is not null)
        {
            fault = language.Say(SearchWords.Faults[r.Field], Problems.Say(r, language));
        }
        var partners = await StatusPages.Partners(store, caller, stop);
        return (IResult)new RazorComponentResult<SearchResults>(new { View = new SearchView(language, caller, typed, partners, skip, page, fault) })
        {
            StatusCode = fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    });

    /// <summary>What a thing is called where it is found; null: its matches tell.</summary>
    public static string? Title(Thing t, Language l) => t.Record switch
    {
        Meeting { Details: { } d } when t.Number is null => l.Say(Vocabulary.Default.MeetingKinds, d.Kind),
        Partnership { Details: { } d } when t.Number is null => l.Say(Known.PartnerName(d.Partner)),
        _ => t.Title,
    };

    /// <summary>The form of a name as it may be shown: the name, or the word for why it is not.</summary>
    public static string Name(JsonNode name, Language l) =>
        (string?)name["value"] ?? l.Say(name["erased"] is null ? Words.ValueWithheld : SearchWords.NameErased);

    /// <summary>A place in words where there are some; otherwise as the interface points to it.</summary>
    public static Label? Field(string pointer) => SearchWords.Fields.GetValueOrDefault(pointer.Split('/').Last(step => !int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out _)));
}
