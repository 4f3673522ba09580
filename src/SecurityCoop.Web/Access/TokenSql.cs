using Npgsql;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Access;

/// <summary>
/// What an access token is worth, said in one place for all who ask: it is looked up together with the user of its subject, whose document
/// says what that user may do and which tokens were ended. So a token that the log ends is ended, whatever its row says.
/// </summary>
static class TokenSql
{
    /// <summary>Access tokens and sessions t, each with the user u of its subject.</summary>
    public const string WithUsers = "register.access_token t left join register.mt_doc_user u on u.partners @> array[t.subject]";

    const string Ids = "jsonb_build_object('id', coalesce(t.signed_in_with, t.id)::text)";

    /// <summary>Whether the token t is good, and its user is let in.</summary>
    public const string Live =
        $"""
        t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
        and (t.idle_limit is null or t.last_used_at + t.idle_limit > now())
        and case when u.id is null then not t.of_user else not (u.data->'record'->>'disabled')::boolean
            and not jsonb_path_exists(u.data, '$.record.tokens[*] ? (@.token == $id && exists(@.endedAt))', {Ids})
            and (not t.of_user or jsonb_path_exists(u.data, '$.record.tokens[*] ? (@.token == $id)', {Ids})) end
        """;

    /// <summary>A session is good while it and the token p that it was signed in with are.</summary>
    public const string LiveWithIts = Live + " and p.revoked_at is null and (p.expires_at is null or p.expires_at > now())";

    /// <summary>When the token was ended; null where nobody ended it.</summary>
    public const string EndedAt =
        $"coalesce(t.revoked_at, (jsonb_path_query_first(u.data, '$.record.tokens[*] ? (@.token == $id).endedAt', {Ids})#>>'{{}}')::timestamptz)";

    // As the administrator says.
    const string UserRoles = "case when u.id is null then t.roles else array(select jsonb_array_elements_text(u.data->'record'->'roles')) end";
    const string UserClearance = "case when u.id is null then t.clearance else u.data->'record'->>'clearance' end";
    const string UserGroups =
        "case when u.id is null then array[]::text[] else array(select jsonb_array_elements_text(u.data->'record'->'memberOf')) end";

    const string Roles = $"coalesce(t.given_roles, {UserRoles})";

    /// <summary>
    /// The columns that <see cref="CallerOf"/> reads: what the provider's claims gave comes before what the administrator says.
    /// </summary>
    public const string CallerColumns =
        $"t.subject, {Roles}, coalesce(t.given_clearance, {UserClearance}), coalesce(t.given_groups, {UserGroups})";

    /// <summary>The same without what the claims gave at a sign-in.</summary>
    public const string UserColumns = $"t.subject, {UserRoles}, {UserClearance}, {UserGroups}";

    /// <summary>So many columns they are.</summary>
    public const int CallerWidth = 4;

    /// <summary>Whether this use is noted already: of an access token this hour's, of a session one of the last seconds.</summary>
    public const string UsedBefore =
        """
        coalesce(case when t.signed_in_with is null then t.last_used_at = date_trunc('hour', now())
            else t.last_used_at > now() - interval '20 seconds' end, false)
        """;

    /// <summary>Whether anybody can sign in as a steward: with an access token, or through an identity provider.</summary>
    public const string AnySteward =
        $"""
        select exists (select 1 from {WithUsers} where t.signed_in_with is null and {Live} and 'steward' = any ({Roles}))
        or exists (select 1 from register.mt_doc_user u where u.data->'record'->'roles' ? 'steward' and u.data->'record' ? 'issuer'
            and not (u.data->'record'->>'disabled')::boolean)
        """;

    public const string Insert =
        """
        insert into register.access_token (id, token_hash, subject, roles, clearance, label, expires_at, of_user)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    /// <summary>Whose a token is, with what they may do now.</summary>
    public static Caller CallerOf(NpgsqlDataReader row, int from) => new(
        row.GetString(from),
        row.GetFieldValue<string[]>(from + 1).Select(r => Enum.Parse<Role>(r, ignoreCase: true)).ToHashSet(),
        Enum.Parse<Marking>(row.GetString(from + 2), ignoreCase: true)) { Groups = row.GetFieldValue<string[]>(from + 3).ToHashSet(StringComparer.Ordinal) };
}
