namespace SecurityCoop.Store;

/// <summary>The statements that read a history for a file, and write one from it.</summary>
internal static partial class Sql
{
    /// <summary>
    /// $1…$3 after, through, limit. The kind stands with a stream's first event. What other programs wrote beside an event in columns that nothing is made from
    /// is given where it is not the header itself.
    /// </summary>
    public const string ExportedAfter =
        """
        select l.position, l.header, l.body, s.type, e.mt_dotnet_type, e.bdata, h.foreign_, case when h.foreign_ then e.headers::text end
        from register.ledger_entry l join register.mt_events e on e.seq_id = l.position
        cross join lateral (select e.headers is distinct from convert_from(l.header, 'UTF8')::jsonb as foreign_) h
        left join register.mt_streams s on s.id = e.stream_id and e.version = 1
        where l.position > $1 and l.position <= $2 order by l.position limit $3
        """;

    public const string AnswersAfter =
        """
        select key_hmac, body_hmac, command_id, first_position, last_position, answer from register.idempotency
        where key_hmac > $1 and (last_position is null or last_position <= $2) order by key_hmac limit $3
        """;

    // ---- an import, as the owner of the schema ----

    public const long ImportLock = 7_310_579_614_263_553_109;

    /// <summary>Positions and times are the file's. Rows of a batch that a crash loses are written again, so none needs to be on disk by itself.</summary>
    public const string ImportSettings = "set register.writer = on; set synchronous_commit = off";

    /// <summary>Stands among the views as long as an import is not at its end: nothing is to be read from or appended to such a log.</summary>
    public const string ImportMark = "(import)";

    public const string ImportState =
        $"""
        select h.log, h.size, h.root, h.frontier, exists (select from register.view where name = '{ImportMark}'),
            exists (select from register.mt_events) or exists (select from register.ledger_checkpoint) or exists (select from register.idempotency)
        from register.log_head h
        """;

    /// <summary>With it, hosts that run on the empty register refuse every append: its views are made by no definition.</summary>
    public const string MarkImport =
        $"""
        with other as (update register.view set definition = 'importing')
        insert into register.view (name, generation, definition) select '{ImportMark}', coalesce(max(generation), 0) + 1, 'importing' from register.view
        """;

    public const string EndImport = $"delete from register.view where name = '{ImportMark}'";

    /// <summary>$1, $2 size and root expected; $3…$7 log, size, root, frontier, time. No row: somebody else has moved it.</summary>
    public const string ImportHead =
        """
        update register.log_head set log = $3, size = $4, sealed = $4, root = $5, frontier = $6, recorded_at = $7, epoch = epoch + 1 where size = $1 and root = $2
        """;

    public const string ImportStreams =
        """
        insert into register.mt_streams (id, type, version, timestamp, created)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::timestamptz[])
        on conflict (id) do update set version = excluded.version, timestamp = excluded.timestamp
        """;

    public const string ImportEvents =
        """
        with ledger as (
            insert into register.ledger_entry (position, header, body, leaf)
            select $1::bigint + n, header, body, leaf
            from unnest($11::bytea[], $12::bytea[], $13::bytea[]) with ordinality as l (header, body, leaf, n))
        insert into register.mt_events
            (seq_id, id, stream_id, version, data, bdata, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
        select $1 + n, id, stream, version, convert_from(body, 'UTF8')::jsonb, binary_, type, at, dotnet_type, correlation, causation,
            case when foreign_ then metadata::jsonb else convert_from(header, 'UTF8')::jsonb end, nullif(actor, '')
        from unnest($2::timestamptz[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11, $12, $14::bytea[], $15::boolean[], $16::text[])
            with ordinality as e (at, id, stream, version, type, dotnet_type, correlation, causation, actor, header, body, binary_, foreign_, metadata, n)
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
