using System.Security.Cryptography;
using System.Text;
using SecurityCoop.Register.People;

namespace SecurityCoop.Register.Users;

/// <summary>An access token of a user's.</summary>
/// <param name="Until">When it expires; null: never.</param>
/// <param name="MadeBy">Opaque id of whoever made it.</param>
public sealed record UserToken(Guid Token, DateTime? Until, DateTime MadeAt, string MadeBy, DateTime? EndedAt = null);

/// <summary>
/// Somebody who may sign in, and what they may do. No reader sees it: it is for administrators, and its events are for auditors. It stands in
/// no report and is no partner's.
/// </summary>
public sealed record User : RecordState
{
    /// <summary>Lengths at most, in characters.</summary>
    public const int LongestSubject = 100, LongestIssuer = 500, LongestName = 200;
    /// <summary>So many groups one user may be in.</summary>
    public const int MostGroups = 100;

    public static readonly User Initial = new();

    /// <summary>Opaque id, as events name their actor.</summary>
    public string Subject { get; init; } = "";
    public string? Issuer { get; init; }
    /// <summary>Whether a name was given; what it says stands beside the event.</summary>
    public bool Named { get; init; }
    public IReadOnlyList<Role> Roles { get; init; } = [];
    public Marking Clearance { get; init; }
    /// <summary>The need-to-know groups that the user is in.</summary>
    public IReadOnlyList<string> MemberOf { get; init; } = [];
    public bool Disabled { get; init; }
    public IReadOnlyList<UserToken> Tokens { get; init; } = [];
    /// <summary>Null while the user's name can be read.</summary>
    public Erasure? Erased { get; init; }

    /// <summary>
    /// The stream of a subject, a UUID of version 8 (RFC 9562, section 5.8) from its SHA-256: of two who describe one subject at once the
    /// second finds the stream taken.
    /// </summary>
    public static string StreamOf(string subject)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(subject))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return $"user-{new Guid(bytes, bigEndian: true)}";
    }

    public User Evolve(object e, At at) => Fold(e, at).Seen(e, at);

    User Fold(object e, At at) => e switch
    {
        UserDescribed x => this with { Subject = x.Subject, Issuer = x.Issuer, Named = at.ProtectedFor("/name") is not null },
        UserRolesSet x => this with { Roles = x.Roles },
        UserClearanceSet x => this with { Clearance = x.Clearance },
        UserGroupsSet x => this with { MemberOf = x.Groups },
        UserDisabled => this with { Disabled = true },
        UserEnabled => this with { Disabled = false },
        UserTokenMade x => this with { Tokens = [.. Tokens, new(x.Token, x.Until, at.RecordedAt, at.Actor ?? "")] },
        UserTokenEnded x => this with { Tokens = [.. Tokens.Select(t => t.Token == x.Token ? t with { EndedAt = at.RecordedAt } : t)] },
        UserErased => this with { Erased = new(at.RecordedAt, at.Position), Disabled = true, Roles = [], MemberOf = [] },
        _ => throw new UnknownEvent(e),
    };

    /// <inheritdoc/>
    public override Part? PartOf(Guid? of) => null;

    internal override FieldEvents Events => throw new InvalidOperationException("A user is not corrected: what holds is set anew.");

    // Commands.

    /// <exception cref="Refusal">required, too-long, not-a-subject, at the field.</exception>
    public static StreamFacts Describe(string subject, string? name = null, string? issuer = null, string? issuerSubject = null)
    {
        CheckSubject(subject, "/subject");
        Check(name, "/name", LongestName);
        Check(issuer, "/issuer", LongestIssuer);
        Check(issuerSubject, "/issuerSubject", LongestIssuer);
        if (issuer is null && issuerSubject is not null) throw Refusal.OfField("/issuer", "required");
        if (issuer is not null && issuerSubject is null) throw Refusal.OfField("/issuerSubject", "required");
        var stream = StreamOf(subject);
        Sensitive? Kept(string? value) => value is null ? null : new(stream, value);
        return new(stream, [new(new UserDescribed(subject, Kept(name), issuer, Kept(issuerSubject)))], "USR");
    }

    /// <summary>Gives the user these roles and no others.</summary>
    /// <exception cref="Refusal">own-rights.</exception>
    public IReadOnlyList<Fact> SetRoles(IReadOnlyList<Role> roles, string by)
    {
        NotOfOneself(by);
        List<Role> set = [.. roles.Distinct().Order()];
        return set.SequenceEqual(Roles) ? [] : [new(new UserRolesSet(set))];
    }

    /// <exception cref="Refusal">own-rights.</exception>
    public IReadOnlyList<Fact> SetClearance(Marking clearance, string by)
    {
        NotOfOneself(by);
        return clearance == Clearance ? [] : [new(new UserClearanceSet(clearance))];
    }

    /// <exception cref="Refusal">own-rights; not-a-group at the group; too-many.</exception>
    public IReadOnlyList<Fact> SetGroups(IReadOnlyList<string> groups, string by)
    {
        NotOfOneself(by);
        Limits.Count(groups.Count, MostGroups, "/groups");
        for (var i = 0; i < groups.Count; i++)
        {
            if (!Markings.MarkingDecisions.IsGroup(groups[i])) throw Refusal.OfField($"/groups/{i}", "not-a-group", groups[i]);
        }
        List<string> set = [.. groups.Distinct().Order(StringComparer.Ordinal)];
        return set.SequenceEqual(MemberOf) ? [] : [new(new UserGroupsSet(set))];
    }

    /// <exception cref="Refusal">own-rights: nobody locks themselves out by mistake.</exception>
    public IReadOnlyList<Fact> Disable(string by)
    {
        NotOfOneself(by);
        return Disabled ? [] : [new(new UserDisabled())];
    }

    public IReadOnlyList<Fact> Enable(string by)
    {
        NotOfOneself(by);
        return Disabled ? [new(new UserEnabled())] : [];
    }

    /// <exception cref="Refusal">user-disabled.</exception>
    public IReadOnlyList<Fact> MakeToken(Guid token, DateTime? until) =>
        Readable().Disabled ? throw Refusal.Because("user-disabled", Subject) : [new(new UserTokenMade(token, until))];

    /// <exception cref="Refusal">not-found where the user has no such token.</exception>
    public IReadOnlyList<Fact> EndToken(Guid token) =>
        (Tokens.FirstOrDefault(t => t.Token == token) ?? throw Refusal.Because("not-found", $"{token}")).EndedAt is null ? [new(new UserTokenEnded(token))] : [];

    /// <summary>Erases the user's name and ends every token.</summary>
    /// <exception cref="Refusal">required, at /legalBasis; own-rights.</exception>
    public IReadOnlyList<Fact> Erase(string legalBasis, string by)
    {
        if (string.IsNullOrWhiteSpace(legalBasis)) throw Refusal.OfField("/legalBasis", "required");
        if (Erased is not null) return [];
        NotOfOneself(by);
        return [.. Tokens.Where(t => t.EndedAt is null).Select(t => new Fact(new UserTokenEnded(t.Token))), new(new UserErased(legalBasis))];
    }

    // Whoever could raise the own rights would need no second person for anything.
    void NotOfOneself(string by)
    {
        if (Readable().Subject == by) throw Refusal.Because("own-rights", Subject);
    }

    User Readable() => !Exists ? throw Refusal.Because("not-found", "user") : Erased is not null ? throw Refusal.Because("erased", Reference!) : this;

    /// <summary>Whether it can be the id of somebody: events name it for ever, and lists and files hold it in columns.</summary>
    public static void CheckSubject(string subject, string pointer)
    {
        if (subject.Length == 0) throw Refusal.OfField(pointer, "required");
        Check(subject, pointer, LongestSubject);
        if (subject.Any(c => char.IsWhiteSpace(c) || c is ',' or ';' or '"')) throw Refusal.OfField(pointer, "not-a-subject", subject);
    }

    static void Check(string? text, string pointer, int longest)
    {
        if (text is null) return;
        if (string.IsNullOrWhiteSpace(text)) throw Refusal.OfField(pointer, "required");
        Limits.Text(text, longest, pointer);
        if (text.Any(char.IsControl)) throw Refusal.OfField(pointer, "invalid-text");
    }
}
