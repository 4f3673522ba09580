namespace SecurityCoop.Store;

/// <summary>The statements of a verification that are of Marten's schema. Each is short and reads; none writes.</summary>
internal static class MartenStatements
{
    public const string Head =
        "select size, root, frontier, recorded_at, size, log, id, (select count(*) from register.log_head) from register.log_head";

    public const string Records = "select size, records from register.log_head";

    /// <summary>Positions outside 1…size; and where the log does not reach its size.</summary>
    public const string Strays =
        """
        select position, 'ledger_entry' from register.ledger_entry
            where position < 1 or position > (select size from register.log_head)
        union all select seq_id, 'mt_events' from register.mt_events
            where seq_id < 1 or seq_id > (select size from register.log_head)
        union all select position, 'protected_value' from register.protected_value
            where position < 1 or position > (select size from register.log_head)
        order by 1 limit 1
        """;

    public const string StrayTiles =
        """
        select level::integer, index from register.ledger_tile where level not between 0 and 6 or index < 0
            or (index + 1)::numeric * 256::numeric ^ (level + 1) > (select size from register.log_head) order by 1, 2 limit 1
        """;

    /// <summary>Streams against their events; $1 after the id, $2 how many. Their times are Marten's own.</summary>
    public const string Streams =
        """
        select s.id, s.version is not distinct from l.version and s.type is null and s.compacted_version = 0
            and s.tenant_id = '*DEFAULT*' and not s.is_archived, f.seq_id
        from (select * from register.mt_streams where id > $1 order by id limit $2) s
        left join lateral (select version from register.mt_events e where e.stream_id = s.id order by version desc limit 1) l on true
        left join lateral (select seq_id from register.mt_events e where e.stream_id = s.id order by version limit 1) f on true
        order by s.id
        """;

    /// <summary>
    /// Streams and documents of a kind, each stream with its events in order: one statement, so that documents are compared with exactly
    /// the events that were committed with them. $1 after the id (from it on where <paramref name="first"/>), $2 how many.
    /// </summary>
    public static string Documents(RecordKind kind, bool first)
    {
        var (table, after) = ($"register.mt_doc_{kind.Name}", first ? ">=" : ">");
        return $"""
            with page as materialized (
                select id from (
                    (select id from register.mt_streams where id {after} $1 and starts_with(id, '{kind.Name}-') order by id limit $2)
                    union
                    (select id from {table} where id {after} $1 order by id limit $2)) as either
                order by id limit $2)
            select p.id, n.is_first and d.id is not null, case when n.is_first then d.data::text end, d.partners, d.mt_version,
                n.seq_id, l.header, l.body
            from page p
            left join lateral (
                select e.seq_id, e.version, row_number() over (order by e.version) = 1 as is_first
                from register.mt_events e where e.stream_id = p.id
                union all select null, null, true where not exists (select from register.mt_events e where e.stream_id = p.id)) n on true
            left join {table} d on d.id = p.id and n.is_first
            left join register.ledger_entry l on l.position = n.seq_id
            order by p.id, n.version
            """;
    }
}
