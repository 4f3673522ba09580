namespace SecurityCoop.Store;

/// <summary>The statements of a rebuild. Each is short: none reads or writes more than a page.</summary>
internal static partial class Sql
{
    public const long RebuildLock = 7_310_579_614_263_553_108;
    public const string TryRebuildLock = "select pg_try_advisory_lock($1)";

    /// <summary>Rows of a generation that nobody reads yet need not be on disk one by one; the swap's commit brings all of them there.</summary>
    public const string RebuildSettings = $"{WriterSettings}; set synchronous_commit = off";
    public const string BeginSwap = "begin isolation level read committed; set local synchronous_commit = on";

    // ---- generations ----

    /// <summary>Generations that stand in a table and belong to no view: one step through the index for each.</summary>
    private const string Leftovers =
        """
        with recursive found (generation) as (
            (select min(generation) from register.{0})
            union all
            select (select min(r.generation) from register.{0} r where r.generation > f.generation) from found f where f.generation is not null)
        select generation from found f where generation is not null and not exists (select from register.view v where v.generation = f.generation)
        """;
    public static readonly string LeftoverRows = Leftovers.Replace("{0}", "view_row", StringComparison.Ordinal);
    public static readonly string LeftoverPartners = Leftovers.Replace("{0}", "view_partner", StringComparison.Ordinal);

    public const string NextGeneration = "select coalesce(max(generation), 0) + 1 from register.view";

    public const string SwapView =
        """
        insert into register.view (name, generation, definition) values ($1, $2, $3)
        on conflict (name) do update set generation = excluded.generation, definition = excluded.definition
        """;

    /// <summary>A page after a key goes; its last key comes back, null where there was none left.</summary>
    public const string DeleteRows =
        """
        with page as materialized (select key from register.view_row where generation = $1 and key > $2 order by key limit $3),
            gone as (delete from register.view_row r using page p where r.generation = $1 and r.key = p.key)
        select max(key) from page
        """;
    public const string DeletePartners =
        """
        with page as materialized (
                select partner, key from register.view_partner where generation = $1 and (partner, key) > ($2, $3) order by partner, key limit $4),
            gone as (delete from register.view_partner r using page p where r.generation = $1 and r.partner = p.partner and r.key = p.key)
        select partner, key from page order by partner desc, key desc limit 1
        """;

    // ---- rows ----

    public const string CopyRows = "copy register.view_row (generation, key, version, position, document) from stdin (format binary)";
    public const string CopyRowPartners = "copy register.view_partner (generation, partner, key) from stdin (format binary)";
    public const string AddRowPartners = $"{InsertRowPartners} on conflict do nothing";
    public const string AddEventPartners = $"{InsertEventPartners} on conflict do nothing";

    public const string ReadRows =
        """
        select k.n, r.version, r.position, r.document from unnest($1::integer[], $2::text[]) with ordinality as k (generation, key, n)
        join register.view_row r on r.generation = k.generation and r.key = k.key
        """;

    /// <summary>Which of these rows are live just so; a document is compared by its SHA-256. $1…$5 live generation, key, version, position, digest.</summary>
    public const string RowsAsLive =
        """
        select k.n from unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[]) with ordinality as k (generation, key, version, position, digest, n)
        join register.view_row l on l.generation = k.generation and l.key = k.key
        where l.version = k.version and l.position = k.position and sha256(l.document) = k.digest
        """;

    /// <summary>Which of these rows are not found by these partners. $1…$3 live generation, partner, key.</summary>
    public const string PartnersNotLive =
        """
        select k.n from unnest($1::integer[], $2::text[], $3::text[]) with ordinality as k (generation, partner, key, n)
        where not exists (select 1 from register.view_partner l where l.generation = k.generation and l.partner = k.partner and l.key = k.key)
        """;

    // ---- the live generation $1 against the rebuilt one $2 ----

    /// <summary>A page of a generation's keys, and of its pairs of partner and key.</summary>
    public const string PageOfKeys = "select key from register.view_row where generation = $1 and key > $2 order by key limit $3";
    public const string PageOfPairs =
        "select partner, key from register.view_partner where generation = $1 and (partner, key) > ($2, $3) order by partner, key limit $4";

    private const string RowsDiffer =
        "(l.key is null) <> (r.key is null) or l.version <> r.version or l.position <> r.position or l.document <> r.document";

    public const string DifferentRowsOf =
        $"""
        select k.key, l.position, r.position from unnest($3::text[]) as k (key)
        left join register.view_row l on l.generation = $1 and l.key = k.key
        left join register.view_row r on r.generation = $2 and r.key = k.key where {RowsDiffer}
        """;

    public const string DifferentPartnersOf =
        """
        select k.partner, k.key, l.key is not null, v.position from unnest($3::text[], $4::text[]) as k (partner, key)
        left join register.view_partner l on l.generation = $1 and l.partner = k.partner and l.key = k.key
        left join register.view_partner r on r.generation = $2 and r.partner = k.partner and r.key = k.key
        left join register.view_row v on v.generation = $1 and v.key = k.key
        where (l.key is null) <> (r.key is null)
        """;
}
