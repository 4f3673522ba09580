using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Partnerships;

namespace SecurityCoop.Web.Pages.Lists;

/// <summary>A search that somebody keeps under a name.</summary>
/// <param name="Address">The list with its filters.</param>
public sealed record KeptSearch(string Name, string Address);

/// <summary>
/// One's own searches. They stand in a cookie of the browser that no script reads, and nowhere else: the register keeps nothing of what somebody
/// looks for.
/// </summary>
static class KeptSearches
{
    public const string Path = "/searches";

    const string Cookie = "searches";
    const int Most = 10, LongestName = 60, LongestAddress = 250;

    /// <summary>Those of this browser.</summary>
    public static IReadOnlyList<KeptSearch> Of(HttpContext http)
    {
        try
        {
            var kept = http.Request.Cookies[Cookie] is { } text ? JsonSerializer.Deserialize<List<KeptSearch>>(Convert.FromBase64String(text)) : null;
            return [.. (kept ?? []).Where(k => IsAddress(k.Address) && k.Name is { Length: > 0 and <= LongestName }).Take(Most)];
        }
        // What another program wrote there is none of ours.
        catch (Exception odd) when (odd is FormatException or JsonException or NotSupportedException)
        {
            return [];
        }
    }

    /// <summary>Keeps a search, or forgets one, and leads back to it.</summary>
    /// <exception cref="Refusal">invalid-value, at /address, where it is no list's.</exception>
    public static async Task<IResult> Keep(HttpContext http)
    {
        var form = await FormReader.Read(http);
        var address = form["address"].ToString();
        if (!IsAddress(address)) throw Refusal.OfField("/address", "invalid-value", "address", "");
        var name = StatusPages.Given(form["name"]) is { } given ? given.Trim()[..Math.Min(given.Trim().Length, LongestName)] : null;
        var kept = Of(http).Where(k => k.Name != name && k.Name != form["forget"]).ToList();
        if (name is not null) kept = [.. kept.TakeLast(Most - 1), new(name, address)];
        http.Keep(Cookie, Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(kept)));
        return http.SeeOther(address);
    }

    // Of a list here, and of no other site: it leads somewhere.
    static bool IsAddress(string? address) => address is { Length: <= LongestAddress } && !address.Any(char.IsControl) && !address.Contains('\\', StringComparison.Ordinal)
        && RecordLists.All.Any(l => address == l.Path || address.StartsWith($"{l.Path}?", StringComparison.Ordinal));
}
