namespace SecurityCoop.Store;

/// <summary>The statements of a commit that are the register's own; Marten writes streams, events and documents.</summary>
internal static class CommitStatements
{
    // ---- with the head's lock, before anything is appended ----

    /// <summary>
    /// Alone in its statement: a select list that has effects could be evaluated before the lock is there, and once more after it.
    /// </summary>
    public const string LockHead = "select size, root, frontier, recorded_at, records, log, epoch from register.log_head for update";

    /// <summary>
    /// The position that Marten draws next, the time, and for the rest of the transaction the right to append: a trigger refuses everybody
    /// else.
    /// </summary>
    public const string UnderLock =
        """
        select setval('register.mt_events_sequence', greatest(size, 1), size > 0), clock_timestamp(),
            set_config('register.writer', 'on', true)
        from register.log_head
        """;

    /// <summary>The same for whoever holds the head and does not append: the log's size.</summary>
    public const string SetSequence =
        "select size from register.log_head, lateral (select setval('register.mt_events_sequence', greatest(size, 1), size > 0)) as s";

    /// <summary>$1 ids of streams: version and reference of those that exist.</summary>
    public const string Streams =
        """
        select s.id, s.version, r.reference from register.mt_streams s left join register.stream_reference r on r.stream_id = s.id
        where s.id = any ($1::text[])
        """;

    public const string Counters = "select prefix, last from register.reference_counter where prefix = any ($1::text[])";
    public const string KeysUsed = "select key_hmac from register.idempotency where key_hmac = any ($1::bytea[])";
    public const string ReferencesTaken = "select reference from register.stream_reference where reference = any ($1::text[])";

    // ---- after Marten's, in the same transaction; each is left out where it has no rows ----

    public const string InsertEntries =
        "insert into register.ledger_entry (position, header, body, leaf) select $1 + n, header, body, leaf "
        + "from unnest($2::bytea[], $3::bytea[], $4::bytea[]) with ordinality as e (header, body, leaf, n)";

    /// <summary>
    /// Tiles that the commit filled: $1 their indexes, $2 the roots over them. What they hold is what was inserted, now and before.
    /// </summary>
    public const string InsertLeafTiles =
        """
        insert into register.ledger_tile (level, index, hashes, root)
        select $3::integer, t.index, (select string_agg(leaf, ''::bytea order by position) from register.ledger_entry
            where position > t.index * 256 and position <= t.index * 256 + 256), t.root
        from unnest($1::bigint[], $2::bytea[]) as t (index, root)
        """;

    /// <summary>$3 the level: each hash is the root of a tile of the level below.</summary>
    public const string InsertUpperTiles =
        """
        insert into register.ledger_tile (level, index, hashes, root)
        select $3::integer, t.index, (select string_agg(b.root, ''::bytea order by b.index) from register.ledger_tile b
            where b.level = $3 - 1 and b.index >= t.index * 256 and b.index < t.index * 256 + 256), t.root
        from unnest($1::bigint[], $2::bytea[]) as t (index, root)
        """;

    public const string InsertProtected =
        """
        insert into register.protected_value (position, pointer, subject, ciphertext)
        select * from unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[])
        """;

    public const string InsertReferences =
        "insert into register.stream_reference (reference, stream_id) select * from unnest($1::text[], $2::text[])";

    public const string SaveCounters =
        """
        insert into register.reference_counter (prefix, last) select * from unnest($1::text[], $2::bigint[])
        on conflict (prefix) do update set last = excluded.last
        """;

    public const string InsertEventPartners =
        "insert into register.event_partner (partner, position) select * from unnest($1::text[], $2::bigint[])";

    public const string InsertKeys =
        """
        insert into register.idempotency (key_hmac, body_hmac, command_id, first_position, last_position)
        select * from unnest($1::bytea[], $2::bytea[], $3::uuid[], $4::bigint[], $5::bigint[])
        """;

    /// <summary>
    /// $1, $2 size and root that were locked; $3…$7 the new ones. A head that is another makes size null, which fails (23502).
    /// </summary>
    public const string MoveHead =
        """
        update register.log_head set size = case when size = $1 and root = $2 then $3::bigint end,
            root = $4, frontier = $5, recorded_at = $6, records = $7
        """;

    // ---- after a connection was lost during the commit ----

    public const string EventIdAt = "select id from register.mt_events where seq_id = $1";
}
