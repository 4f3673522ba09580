using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Description;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Partnerships;

namespace SecurityCoop.Web.Calendar;

/// <summary>Calendars over HTTP: asked for by somebody who signed in, and at private addresses.</summary>
public static class CalendarEndpoints
{
    const string MediaType = "text/calendar";

    public static void MapCalendar(this RouteGroupBuilder api)
    {
        api.MapGet("/calendar.ics", Get).Needs(Role.Reader).Produces(StatusCodes.Status200OK, contentType: MediaType);
        api.MapGet("/calendar/feeds", List).Needs(Role.Reader).Shows<FeedList>();
        api.MapPost("/calendar/feeds", Make).Needs(Role.Reader).Accepts<FeedBody>("application/json").Produces<FeedMade>(StatusCodes.Status201Created).WithMetadata(new RecordsNothing());
        api.MapPost("/calendar/feeds/{feed}/revocation", Revoke).Needs(Role.Reader).Shows<Feed>();
    }

    /// <summary>The private addresses: whoever knows one needs no other sign-in.</summary>
    public static void MapCalendarFeeds(this IEndpointRouteBuilder app) => app.MapMethods("/calendar/{secret}.ics", [HttpMethods.Get, HttpMethods.Head], AtAddress)
        .Public("The secret in the address is the key to this one calendar.").ExcludeFromDescription();

    /// <summary>The calendar of what the caller may see; partner, owner and kind narrow.</summary>
    static async Task<IResult> Get(HttpContext http, CalendarReader calendars, TwoClocks clocks, string[]? partner, string? owner, string[]? kind, string? lang, string? asOf, string? knownAt)
    {
        foreach (var p in partner ?? []) Known.Partner(p, "?partner");
        var language = lang is null ? Language.Asked(http.Request) : LanguageOf(lang, "?lang");
        var kinds = (kind ?? []).Select(k => Known.OneOf<EntryKind>("?kind", k)!.Value).Distinct();
        var asked = await clocks.Ask(asOf, knownAt, http.RequestAborted);
        http.Response.Headers.Vary = HeaderNames.AcceptLanguage;
        return await Answer(http, calendars, new([.. (partner ?? []).Distinct()], StatusPages.Given(owner), [.. kinds], language), asked, http.GetCaller(), "securitycoop.ics");
    }

    // Whether it never was, was revoked, has expired, or its maker's access has ended is nobody's business who does not sign in.
    static async Task<IResult> AtAddress(string secret, HttpContext http, CalendarFeeds feeds, CalendarReader calendars, TwoClocks clocks)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (await feeds.Find(secret, http.RequestAborted) is not var (feed, caller)) throw Refusal.Because("not-found", "calendar");
        var asked = await clocks.Ask(null, null, http.RequestAborted);
        return await Answer(http, calendars, new(feed.Partners, feed.Owner, feed.Kinds, LanguageOf(feed.Lang, ""), feed.Name), asked, caller, null);
    }

    static async Task<IResult> Answer(HttpContext http, CalendarReader calendars, CalendarQuestion question, Asking asked, Caller caller, string? file)
    {
        var (text, position, records) = await calendars.Read(question, asked, caller, http.Request, http.RequestAborted);
        http.TookOut([.. records.Select(r => r.Stream)], ReadTrace.Together(records.Select(r => r.Marks)), caller);
        http.SetPosition(position);
        http.Response.Headers.ContentLanguage = question.Language.Code;
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(text))[..32]}\"");
        return TypedResults.Bytes(text, $"{MediaType}; charset=utf-8", file, entityTag: tag);
    }

    static async Task<IResult> List(HttpContext http, CalendarFeeds feeds, RegisterStore store)
    {
        await At(http, store);
        return TypedResults.Json(new FeedList(await feeds.Of(http.GetCaller().Subject, http.RequestAborted)), BodiesJson.Shown<FeedList>());
    }

    static async Task<IResult> Make(HttpContext http, CalendarFeeds feeds, PublicAddress address, RegisterStore store)
    {
        var body = Bodies.Parse(await Bodies.Read(http, http.RequestAborted), BodiesJson.Of<FeedBody>()).Value;
        var made = await MakeFeed(http, body, feeds, address);
        await At(http, store);
        http.Response.Headers.Location = made.Address;
        return TypedResults.Json(made, BodiesJson.Shown<FeedMade>(), statusCode: StatusCodes.Status201Created);
    }

    /// <summary>Makes a feed for whoever signed in.</summary>
    /// <exception cref="Refusal">unknown-partner, unknown-code, too-long, invalid-text at the field; out-of-range at /days; marking-above-clearance, too-many-feeds.</exception>
    internal static async Task<FeedMade> MakeFeed(HttpContext http, FeedBody body, CalendarFeeds feeds, PublicAddress address)
    {
        Known.Partners(body.Partners, "/partners");
        var language = body.Lang is { } lang ? LanguageOf(lang, "/lang") : Language.Asked(http.Request);
        var (name, owner, caller) = (Text(body.Name, "/name", Limits.CalendarName), Text(body.Owner, "/owner", Limits.CalendarOwner), http.GetCaller());
        if (body.Clearance > caller.Clearance) throw Refusal.OfField("/clearance", "marking-above-clearance", Slug.Of(caller.Clearance));
        // An address is all that it takes to read a feed: more than restricted leaves the register by a steward's decision only.
        if (body.Clearance > Marking.Restricted && !caller.May(Role.Steward))
            throw Refusal.OfField("/clearance", "feed-needs-steward", Slug.Of(body.Clearance.Value));
        if (body.Days is < 1 or > CalendarFeeds.MostDays) throw Refusal.OfField("/days", "out-of-range", "1", $"{CalendarFeeds.MostDays}");
        var clearance = body.Clearance ?? (caller.Clearance < Marking.Restricted ? caller.Clearance : Marking.Restricted);
        var (feed, secret) = await feeds.Make(((CallerIdentity)http.User.Identity!).Access, new(name, [.. (body.Partners ?? []).Distinct()], owner, [.. (body.Kinds ?? []).Distinct()], language.Code, clearance, body.Days ?? CalendarFeeds.UsualDays), http.RequestAborted);
        return new(feed.Id, $"{address.Of(http.Request)}/calendar/{secret}.ics", feed);
    }

    static async Task<IResult> Revoke(string feed, HttpContext http, CalendarFeeds feeds, RegisterStore store)
    {
        var revoked = await RevokeFeed(feed, http, feeds);
        await At(http, store);
        return TypedResults.Json(revoked, BodiesJson.Shown<Feed>());
    }

    /// <exception cref="Refusal">not-found: the caller has made no feed with that id.</exception>
    internal static async Task<Feed> RevokeFeed(string feed, HttpContext http, CalendarFeeds feeds) =>
        Guid.TryParse(feed, out var id) && await feeds.Revoke(http.GetCaller().Subject, id, http.RequestAborted) is { } revoked ? revoked : throw Refusal.Because("not-found", feed);

    static async Task At(HttpContext http, RegisterStore store) => http.SetPosition((await store.Head(http.RequestAborted)).Size);

    static Language LanguageOf(string code, string parameter)
    {
        Known.OneOf(parameter, code, Language.All.Select(l => l.Code));
        return Language.All.Single(l => l.Code == code);
    }

    static string? Text(string? given, string pointer, int longest)
    {
        if (StatusPages.Given(given)?.Trim() is not { } text) return null;
        Limits.Text(text, longest, pointer);
        return text.Any(char.IsControl) ? throw Refusal.OfField(pointer, "invalid-text") : text;
    }
}

/// <param name="Name">What the calendar shall be called, in at most 100 characters.</param>
/// <param name="Partners">Codes of the partners that it is narrowed to.</param>
/// <param name="Owner">Opaque id of whose actions alone it holds.</param>
/// <param name="Kinds">Which dates it holds.</param>
/// <param name="Lang">fr, en or ar; the request's language where it is not given.</param>
/// <param name="Clearance">The highest marking that it shows, not above the maker's clearance; restricted, or the clearance where that is less, if it is not given.</param>
/// <param name="Days">How many days the address is good, 1 to 3650; absent: 365.</param>
public sealed record FeedBody(
    string? Name = null, IReadOnlyList<string>? Partners = null, string? Owner = null, IReadOnlyList<EntryKind>? Kinds = null, string? Lang = null, Marking? Clearance = null, int? Days = null);

/// <param name="Address">Where the calendar is read from here on. It is told in this answer only.</param>
public sealed record FeedMade(Guid Id, string Address, Feed Feed);

public sealed record FeedList(IReadOnlyList<Feed> Items);
