using System.Buffers.Text;
using System.Text.Json;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Access;

/// <summary>What a token of the provider's says of its holder.</summary>
/// <param name="Subject">The holder's id at the issuer.</param>
/// <param name="Roles">Those that the claims give; none: the administrator's count.</param>
/// <param name="Clearance">The highest that the claims give; null: the administrator's counts.</param>
/// <param name="Session">The provider's id of its own session (`sid`), by which it ends it.</param>
/// <param name="AuthenticatedAt">When the holder last proved who they are, where the provider says so (`auth_time`).</param>
public sealed record ProviderClaims(
    string Issuer, string Subject, string? Name, IReadOnlySet<Role> Roles, Marking? Clearance, IReadOnlySet<string> Groups, string? Session,
    DateTimeOffset? AuthenticatedAt)
{
    /// <summary>The user with what the claims give in place of what the administrator says.</summary>
    public Caller Over(Caller user) => user with
    {
        Roles = Roles.Count > 0 ? Roles : user.Roles, Clearance = Clearance ?? user.Clearance,
        Groups = Groups.Count > 0 ? Groups : user.Groups,
    };
}

/// <summary>Which claims are read, and what their values give.</summary>
/// <param name="NameClaim">
/// A claim's name; where there is none of that name, members of members with dots between (`realm_access.roles`).
/// </param>
/// <param name="Roles">Values of the claim of roles, and the role that each gives.</param>
public sealed record ClaimMapping(
    string NameClaim, string RolesClaim, string ClearanceClaim, string GroupsClaim,
    IReadOnlyList<(string Claim, Role Gives)> Roles, IReadOnlyList<(string Claim, Marking Gives)> Clearance,
    IReadOnlyList<(string Claim, string Gives)> Groups)
{
    const int LongestSubject = 255; // OpenID Connect Core 1.0, section 2
    const long LastSecond = 253_402_300_799; // Of the year 9999.

    /// <summary>Reads the claims of a token that was found good.</summary>
    /// <returns>Null where it names no holder.</returns>
    public ProviderClaims? Read(string jwt)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[1]));
        var claims = document.RootElement;
        if (One(claims, "iss") is not { } issuer || One(claims, "sub") is not { Length: > 0 and <= LongestSubject } subject) return null;
        return new(
            issuer, subject, One(claims, NameClaim), Given(claims, RolesClaim, Roles).ToHashSet(),
            Given(claims, ClearanceClaim, Clearance).Max(marking => (Marking?)marking),
            Given(claims, GroupsClaim, Groups).ToHashSet(StringComparer.Ordinal), One(claims, "sid"), Instant(claims, "auth_time"));
    }

    static IEnumerable<T> Given<T>(JsonElement claims, string name, IReadOnlyList<(string Claim, T Gives)> mapping)
    {
        var values = Values(claims, name);
        return mapping.Where(m => values.Contains(m.Claim)).Select(m => m.Gives);
    }

    static HashSet<string> Values(JsonElement claims, string name)
    {
        var claim = Find(claims, name);
        var items = claim is { ValueKind: JsonValueKind.Array } several ? several.EnumerateArray().ToList() : claim is { } one ? [one] : [];
        return items.Where(i => i.ValueKind == JsonValueKind.String).Select(i => i.GetString()!).ToHashSet(StringComparer.Ordinal);
    }

    static string? One(JsonElement claims, string name) =>
        Find(claims, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    static DateTimeOffset? Instant(JsonElement claims, string name) =>
        Find(claims, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var seconds)
            && seconds is >= 0 and <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    static JsonElement? Find(JsonElement claims, string name)
    {
        if (claims.TryGetProperty(name, out var claim)) return claim;
        foreach (var member in name.Split('.'))
            if (claims.ValueKind != JsonValueKind.Object || !claims.TryGetProperty(member, out claims)) return null;
        return claims;
    }
}
