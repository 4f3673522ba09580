using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Partnerships;

namespace SecurityCoop.Web.Calendar;

/// <summary>What the page of calendars shows.</summary>
/// <param name="Clock">By which days are shown.</param>
/// <param name="Partners">Codes of those with whom there is a partnership that the caller may see, by name.</param>
/// <param name="Chosen">What the form holds.</param>
/// <param name="Feeds">The caller's feeds.</param>
/// <param name="Made">The one that was made just now, with its address.</param>
/// <param name="Fault">Why none was made, in the page's language.</param>
public sealed record CalendarView(
    Language Language, Caller Caller, RegisterClock Clock, IReadOnlyList<string> Partners, FeedBody Chosen,
    IReadOnlyList<Feed> Feeds, FeedMade? Made, string? Fault);

/// <summary>Calendars for people: to download, and to read at a private address. That a form was sent from here and nowhere else is seen where the cookie is read.</summary>
static class CalendarPages
{
    public static Task<IResult> Get(HttpContext http, CalendarFeeds feeds, RegisterStore store, RegisterClock clock) =>
        Show(http, feeds, store, clock, Chosen(http.Request.Query), null, null);

    public static async Task<IResult> Make(
        HttpContext http, CalendarFeeds feeds, RegisterStore store, RegisterClock clock, PublicAddress address)
    {
        var chosen = Chosen(await FormReader.Read(http));
        try
        {
            return await Show(http, feeds, store, clock, chosen, await CalendarEndpoints.MakeFeed(http, chosen, feeds, address), null);
        }
        catch (Refusal r)
        {
            return await Show(http, feeds, store, clock, chosen, null, Problems.Say(r, Language.Of(http)));
        }
    }

    public static async Task<IResult> Revoke(string feed, HttpContext http, CalendarFeeds feeds)
    {
        await CalendarEndpoints.RevokeFeed(feed, http, feeds);
        return http.SeeOther("/calendar");
    }

    static async Task<IResult> Show(
        HttpContext http, CalendarFeeds feeds, RegisterStore store, RegisterClock clock, FeedBody chosen, FeedMade? made, string? fault)
    {
        var (caller, language, stop) = (http.GetCaller(), Language.Of(http), http.RequestAborted);
        var partners = language.InOrder(await StatusPages.Partners(store, caller, stop), p => language.Say(Known.PartnerName(p)));
        var mine = await feeds.Of(caller.Subject, stop);
        var view = new CalendarView(language, caller, clock, [.. partners], chosen, mine, made, fault);
        return new RazorComponentResult<CalendarPage>(new { View = view }) { StatusCode = fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest };
    }

    // What nobody can choose on the page is left out: codes and kinds that there are not.
    static FeedBody Chosen(IEnumerable<KeyValuePair<string, StringValues>> given)
    {
        var fields = given.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        IEnumerable<string> Several(string name) => fields.GetValueOrDefault(name).OfType<string>();
        string? One(string name) => StatusPages.Given(fields.GetValueOrDefault(name).ToString());
        return new(One("name"), [.. Several("partner").Where(Known.IsPartner)], One("owner"),
            [.. Several("kind").Select(k => Slug.TryParse<EntryKind>(k, out var kind) ? kind : (EntryKind?)null).OfType<EntryKind>()], One("lang"),
            Slug.TryParse<Marking>(One("clearance") ?? "", out var clearance) ? clearance : null,
            One("days") is not { } days ? null : int.TryParse(days, CultureInfo.InvariantCulture, out var number) ? number : 0);
    }
}
