namespace SecurityCoop.Store;

/// <summary>The statements of `securitycoop verify`. Each is short and reads; none writes.</summary>
internal static partial class Sql
{
    /// <summary>What stands at each position of a page, in the log or in the ledger; $1 after, $2 through.</summary>
    public const string VerifyPage =
        """
        select p.position, l.header, l.body, l.leaf, e.seq_id, e.id, e.stream_id, e.version, e.data::text, e.type, e.timestamp, e.correlation_id, e.causation_id, e.headers::text, e.user_name,
            e.tenant_id = '*DEFAULT*' and not e.is_archived, s.id is not null, r.reference, e.bdata
        from generate_series($1::bigint + 1, $2::bigint) as p (position)
        left join register.ledger_entry l on l.position = p.position
        left join register.mt_events e on e.seq_id = p.position
        left join register.mt_streams s on s.id = e.stream_id
        left join register.stream_reference r on r.stream_id = e.stream_id and e.version = 1
        order by p.position
        """;

    public const string VerifyTile = "select hashes, root from register.ledger_tile where level = $1 and index = $2";

    public const string VerifyCheckpoints = "select origin, size, root, note from register.ledger_checkpoint order by size, origin";

    /// <summary>References, and whether a record's first event gives each to its stream; $1 after the reference, $2 how many.</summary>
    public const string VerifyReferences =
        """
        select r.reference, exists (select from register.mt_events e where e.stream_id = r.stream_id and e.version = 1 and e.headers ->> 'reference' = r.reference)
        from (select * from register.stream_reference where reference > $1 order by reference limit $2) r order by r.reference
        """;

    /// <summary>Counters that are not the largest number given.</summary>
    public const string VerifyCounters =
        """
        select coalesce(c.prefix, g.prefix), c.last, g.last from register.reference_counter c
        full join (select regexp_replace(reference, '-[0-9]+$', '') as prefix, max(substring(reference from '[0-9]+$')::bigint) as last
            from register.stream_reference where reference ~ '-[0-9]+$' group by 1) g on g.prefix = c.prefix collate "C"
        where c.last is distinct from g.last limit 1
        """;

    /// <summary>Answers, and whether they are other than the events of one command from its first to its last; $1 after the key, $2 how many.</summary>
    public const string VerifyAnswers =
        """
        select i.key_hmac, coalesce(i.first_position, 0), i.first_position is not null and (
            i.first_position < 1 or i.last_position < i.first_position or i.last_position > (select size from register.log_head) or i.last_position - i.first_position > 100000
            or exists (select from generate_series(greatest(i.first_position, 1) - 1, least(i.last_position, i.first_position + 100000) + 1) as p (position)
                left join register.mt_events e on e.seq_id = p.position
                where (e.headers ->> 'command_id' = i.command_id::text) is distinct from (p.position between i.first_position and i.last_position)
                    and (e.seq_id is not null or p.position between i.first_position and i.last_position)))
        from (select * from register.idempotency where key_hmac > $1 order by key_hmac limit $2) i order by i.key_hmac
        """;

    public const string VerifyMigrations = "select number, name, sha256 from register.schema_migration order by number";

    public const string VerifyPartners = "select partner, position from register.event_partner where (position, partner) > ($1, $2) order by position, partner limit $3";

    public const string VerifyHead =
        "select size, root, frontier, recorded_at, log, id, (select count(*) from register.log_head) from register.log_head";

    public const string RecordsMadeBy = "select size, records from register.log_head";

    /// <summary>Positions outside 1…size; and where the log does not reach its size.</summary>
    public const string VerifyStrays =
        """
        select position, 'ledger_entry' from register.ledger_entry
            where position < 1 or position > (select size from register.log_head)
        union all select seq_id, 'mt_events' from register.mt_events
            where seq_id < 1 or seq_id > (select size from register.log_head)
        union all select position, 'protected_value' from register.protected_value
            where position < 1 or position > (select size from register.log_head)
        order by 1 limit 1
        """;

    public const string VerifyStrayTiles =
        """
        select level::integer, index from register.ledger_tile where level not between 0 and 6 or index < 0
            or (index + 1)::numeric * 256::numeric ^ (level + 1) > (select size from register.log_head) order by 1, 2 limit 1
        """;

    /// <summary>Streams against their events; $1 after the id, $2 how many. Their times are Marten's own.</summary>
    public const string VerifyStreams =
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
    public static string VerifyDocuments(RecordKind kind, bool first)
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
