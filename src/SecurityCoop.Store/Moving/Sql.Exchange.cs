namespace SecurityCoop.Store;

/// <summary>The statements that read a history for a file, and write one from it.</summary>
internal static partial class Sql
{
    public const string AnswersAfter =
        """
        select key_hmac, body_hmac, command_id, first_position, last_position, answer from register.idempotency
        where key_hmac > $1 and (last_position is null or last_position <= $2) order by key_hmac limit $3
        """;

    // ---- an import, as the owner of the schema ----

    /// <summary>
    /// Stands in the head in the place of the folds that made the documents: no model has it, so that hosts that run on the register
    /// neither read documents nor append, until the documents are made.
    /// </summary>
    public const string ImportUnderWay = "(an import that is not done)";

    /// <summary>Log, size, root, frontier, whether an import is under way, whether anything but it has used the register.</summary>
    public const string ImportState =
        $"""
        select h.log, h.size, h.root, h.frontier, h.records = '{ImportUnderWay}',
            exists (select from register.mt_events) or exists (select from register.ledger_checkpoint)
                or exists (select from register.idempotency)
        from register.log_head h
        """;

    /// <summary>$1, $2 size and root expected; $3…$7 log, size, root, frontier, time. No row: somebody else has moved it.</summary>
    public const string ImportHead =
        $"""
        update register.log_head set log = $3, size = $4, root = $5, frontier = $6, recorded_at = $7, records = '{ImportUnderWay}'
        where size = $1 and root = $2
        """;

    public const string TryImportLock = "select pg_try_advisory_lock($1)";
    public const string MoveSequence = "select setval('register.mt_events_sequence', $1)";

    public const long ImportLock = 7_310_579_614_263_553_109;

    /// <summary>Positions and times are the file's. Rows of a batch that a crash loses are written again, so none needs to be on disk by itself.</summary>
    public const string ImportSettings = "set register.writer = on; set synchronous_commit = off";

    /// <summary>
    /// Streams and events are written by statements of our own, not through Marten: there the ledger's bytes are made from records, and an
    /// import has bytes that must not change. The type stays empty, as Marten leaves it.
    /// </summary>
    public const string ImportStreams =
        """
        insert into register.mt_streams (id, version, timestamp, created)
        select * from unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[])
        on conflict (id) do update set version = excluded.version, timestamp = excluded.timestamp
        """;

    public const string ImportEvents =
        """
        with ledger as (
            insert into register.ledger_entry (position, header, body, leaf)
            select $1::bigint + n, header, body, leaf
            from unnest($11::bytea[], $12::bytea[], $13::bytea[]) with ordinality as l (header, body, leaf, n))
        insert into register.mt_events
            (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
        select $1 + n, id, stream, version, convert_from(body, 'UTF8')::jsonb, type, at, dotnet_type, correlation, causation,
            convert_from(header, 'UTF8')::jsonb, actor
        from unnest($2::timestamptz[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11, $12)
            with ordinality as e (at, id, stream, version, type, dotnet_type, correlation, causation, actor, header, body, n)
        """;

    public const string ImportCounters =
        """
        insert into register.reference_counter (prefix, last) select * from unnest($1::text[], $2::bigint[])
        on conflict (prefix) do update set last = greatest(reference_counter.last, excluded.last)
        """;

    public const string ImportCheckpoint =
        "insert into register.ledger_checkpoint (origin, size, root, note, signed_at) values ($1, $2, $3, $4, $5) on conflict (origin, size) do nothing";

    public const string ImportAnswer =
        """
        insert into register.idempotency (key_hmac, body_hmac, command_id, first_position, last_position, answer) values ($1, $2, $3, $4, $5, $6)
        on conflict (key_hmac) do nothing
        """;
}
