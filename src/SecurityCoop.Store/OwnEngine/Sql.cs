namespace SecurityCoop.Store;

/// <summary>Every statement that the store sends.</summary>
internal static partial class Sql
{
    // ---- the head ----

    /// <summary>For whoever reads, the log ends with what is sealed. What other programs have appended since stands in order after it, up to size.</summary>
    private const string HeadColumns = "sealed, root, frontier, epoch, recorded_at, size";

    public const string Log = "select log from register.log_head";
    public const string ReadHead = $"select {HeadColumns} from register.log_head";

    /// <summary>The same where records are Marten documents: nothing there waits to be sealed.</summary>
    public const string ReadHeadOfDocuments = "select size, root, frontier, epoch, recorded_at, size, records from register.log_head";

    public const string HeadSize = "select sealed from register.log_head";
    public const string LockHead = $"select {HeadColumns} from register.log_head for update";

    /// <summary>Whoever takes the head for anything but an append raises the epoch: what was built on the old head then fails.</summary>
    public const string RaiseEpoch = $"update register.log_head set epoch = epoch + 1 returning {HeadColumns}";

    public const string Begin = "begin isolation level read committed";
    public const string Commit = "commit";
    public const string Rollback = "rollback";

    /// <summary>
    /// The connection of the writer, which gives positions and times itself (register.writer). The planner's other choices are switched off because a plan made while a table was small would stay;
    /// every statement here reaches few rows by key.
    /// </summary>
    public const string WriterSettings =
        """
        set register.writer = on; set synchronous_commit = on; set default_transaction_isolation = 'read committed'; set plan_cache_mode = force_generic_plan;
        set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off
        """;

    public const string ReadWriterSettings =
        "select current_setting('synchronous_commit'), current_setting('transaction_isolation'), current_setting('transaction_read_only')";

    // ---- an append; each statement is left out where it has no rows ----

    /// <summary>
    /// First in the batch. A head that is not the one expected makes size null, a time that is not between the last one and the clock's
    /// makes recorded_at null: either fails the batch (23502, naming the column). $1…$3 size, root, epoch expected; $4…$7 the new ones.
    /// </summary>
    public const string MoveHead =
        """
        update register.log_head set
            size = case when size = $1 and root = $2 and epoch = $3 then $4::bigint end,
            sealed = $4, root = $5, frontier = $6,
            recorded_at = case when $7 > recorded_at
                and $7 between clock_timestamp() - interval '5 seconds' and clock_timestamp() + interval '1 second' then $7 end
        """;

    public const string InsertStreams =
        """
        insert into register.mt_streams (id, type, version, timestamp, created)
        select id, type, version, $4, $4 from unnest($1::text[], $2::text[], $3::bigint[]) as s (id, type, version)
        """;

    /// <summary>A stream that a foreign writer moved meanwhile divides by zero (22012) rather than be overwritten.</summary>
    public const string UpdateStreams =
        """
        update register.mt_streams s set timestamp = $4,
            version = case when s.version = n.expected then n.version else 1 / (s.version - s.version) end
        from unnest($1::text[], $2::bigint[], $3::bigint[]) as n (id, expected, version) where s.id = n.id
        """;

    /// <summary>The same of a single stream: $1 id, $2 version expected, $3 new version, $4 time. Without arrays a statement takes PostgreSQL a quarter less.</summary>
    public const string UpdateStream =
        "update register.mt_streams set timestamp = $4, version = case when version = $2 then $3 else 1 / (version - version) end where id = $1";

    /// <summary>Body and header cross the wire once; the query copies are made from them here. $1 is the position before the first.</summary>
    public const string InsertEvents =
        """
        with ledger as (
            insert into register.ledger_entry (position, header, body, leaf)
            select $1::bigint + n, header, body, leaf
            from unnest($11::bytea[], $12::bytea[], $13::bytea[]) with ordinality as l (header, body, leaf, n))
        insert into register.mt_events
            (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
        select $1 + n, id, stream, version, convert_from(body, 'UTF8')::jsonb, type, $2, dotnet_type, correlation, causation,
            convert_from(header, 'UTF8')::jsonb, actor
        from unnest($3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11, $12)
            with ordinality as e (id, stream, version, type, dotnet_type, correlation, causation, actor, header, body, n)
        """;

    /// <summary>The same of a single event, its parameters in the same order.</summary>
    public const string InsertEvent =
        """
        with ledger as (insert into register.ledger_entry (position, header, body, leaf) values ($1 + 1, $11, $12, $13))
        insert into register.mt_events
            (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
        values ($1 + 1, $3, $4, $5, convert_from($12, 'UTF8')::jsonb, $6, $2, $7, $8, $9, convert_from($11, 'UTF8')::jsonb, $10)
        """;

    /// <summary>Tiles that the batch filled: $1 their indexes, $2 the roots over them. What they hold is what was inserted, here and before.</summary>
    public const string InsertLeafTiles =
        """
        insert into register.ledger_tile (level, index, hashes, root)
        select $3::integer, t.index, (select string_agg(leaf, ''::bytea order by position) from register.ledger_entry where position > t.index * 256 and position <= t.index * 256 + 256), t.root
        from unnest($1::bigint[], $2::bytea[]) as t (index, root)
        """;

    /// <summary>$3 the level: each hash is the root of a tile of the level below.</summary>
    public const string InsertUpperTiles =
        """
        insert into register.ledger_tile (level, index, hashes, root)
        select $3::integer, t.index, (select string_agg(b.root, ''::bytea order by b.index) from register.ledger_tile b where b.level = $3 - 1 and b.index >= t.index * 256 and b.index < t.index * 256 + 256), t.root
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

    public const string InsertRows =
        """
        insert into register.view_row (generation, key, version, position, document)
        select * from unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[])
        """;

    public const string UpdateRows =
        """
        update register.view_row r set version = n.version, position = n.position, document = n.document
        from unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[]) as n (generation, key, version, position, document)
        where r.generation = n.generation and r.key = n.key
        """;

    /// <summary>The same of a single row, its parameters in the same order.</summary>
    public const string UpdateRow =
        "update register.view_row set version = $3, position = $4, document = $5 where generation = $1 and key = $2";

    public const string InsertRowPartners =
        """
        insert into register.view_partner (generation, partner, key) select n.* from unnest($1::integer[], $2::text[], $3::text[]) as n (generation, partner, key)
        where not exists (select 1 from register.view_partner p where p.generation = n.generation and p.partner = n.partner and p.key = n.key)
        """;

    /// <summary>For a Marten application that appends after us; never read here.</summary>
    public const string MoveSequence = "select setval('register.mt_events_sequence', $1)";

    // ---- an append whose streams and events an engine writes; the head's lock is held ----

    /// <summary>The triggers place what is written from here to the end of the transaction, at this time (microseconds since 1970).</summary>
    public const string LetPlace = "select set_config('register.writer', 'off', true), set_config('register.recorded_at', ($1::bigint)::text, true)";

    public const string PlacedAfter = "select seq_id, id, version, timestamp from register.mt_events where seq_id > $1 order by seq_id";

    /// <summary>The triggers have moved size and time. $1…$4 size, root, frontier, time; where they differ size becomes null (23502).</summary>
    public const string CloseHead =
        "update register.log_head set size = case when size = $1 and recorded_at = $4 then size end, sealed = $1, root = $2, frontier = $3";

    // ---- sealing what other programs appended; the head's lock is held ----

    /// <summary>$1, $2: after, through. Whether the stream began in the register shows in its first event's entry.</summary>
    public const string Unsealed =
        """
        select e.seq_id, e.id, e.stream_id, e.version, e.type, e.timestamp, e.data::text, e.bdata, e.headers::text, e.user_name, e.correlation_id, e.causation_id,
            coalesce((select convert_from(l.header, 'UTF8')::jsonb -> 'v' = '1' from register.mt_events f join register.ledger_entry l on l.position = f.seq_id
                where f.stream_id = e.stream_id and f.version = 1), false)
        from register.mt_events e where e.seq_id > $1 and e.seq_id <= $2 order by e.seq_id
        """;

    public const string InsertEntries =
        "insert into register.ledger_entry (position, header, body, leaf) select * from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[])";

    public const string SealHead = "update register.log_head set sealed = $1, root = $2, frontier = $3, epoch = epoch + 1";

    public const string TimeAt = "select timestamp from register.mt_events where seq_id = $1";
    public const string TimesAt = "select seq_id, timestamp from register.mt_events where seq_id = any ($1)";

    // ---- what an append or a query needs, each with the head of the same snapshot ----

    private const string WithHead = "select h.sealed, h.root, h.epoch, k.n";

    public const string LoadStreams =
        $"""
        {WithHead}, s.version, r.reference from register.log_head h cross join unnest($1::text[]) with ordinality as k (id, n)
        left join register.mt_streams s on s.id = k.id left join register.stream_reference r on r.stream_id = k.id
        """;

    public const string LoadCounters =
        $"""
        {WithHead}, c.last from register.log_head h cross join unnest($1::text[]) with ordinality as k (prefix, n)
        left join register.reference_counter c on c.prefix = k.prefix
        """;

    public const string LoadRows =
        $"""
        {WithHead}, r.version, r.position, r.document
        from register.log_head h cross join unnest($1::integer[], $2::text[]) with ordinality as k (generation, key, n)
        left join register.view_row r on r.generation = k.generation and r.key = k.key
        """;

    // ---- views ----

    public const string ReadViews = "select h.epoch, v.name, v.generation, v.definition from register.log_head h left join register.view v on true";
    public const string AddView =
        """
        insert into register.view (name, generation, definition)
        select $1, coalesce(max(generation), 0) + 1, $2 from register.view returning generation
        """;
    public const string RedefineView = "update register.view set definition = $2 where name = $1";

    public const string PageOfRows =
        """
        select h.epoch, r.key, r.version, r.position, r.document from register.log_head h
        left join (select * from register.view_row where generation = $1 and key > $2 order by key limit $3) as r on true order by r.key
        """;

    /// <summary>$1 generations, $2 the partner; only rows that changed after position $3.</summary>
    public const string RowsOfPartner =
        """
        select h.sealed, h.root, h.epoch, x.generation, x.key, x.version, x.position, x.document from register.log_head h
        left join (
            -- Row by row through the key, whatever the planner believes of a table that grew since it last looked.
            select p.generation, p.key, r.version, r.position, r.document from register.view_partner p
            cross join lateral (select version, position, document from register.view_row r where r.generation = p.generation and r.key = p.key and r.position > $3 limit 1) r
            where p.partner = $2 and p.generation = any ($1::integer[])) x on true
        order by x.generation, x.key
        """;

    // ---- events ----

    public const string EventsAfter =
        "select position, header, body from register.ledger_entry where position > $1 and position <= $2 order by position limit $3";

    public const string EventsOfStream =
        """
        select l.position, l.header, l.body, e.version from register.mt_events e join register.ledger_entry l on l.position = e.seq_id
        where e.stream_id = $1 and e.version > $2 and e.seq_id <= $3 order by e.version limit $4
        """;

    public const string EventsOfStreams =
        """
        select l.position, l.header, l.body, e.version from register.mt_events e join register.ledger_entry l on l.position = e.seq_id
        where e.stream_id = any ($1::text[]) and e.seq_id > $2 and e.seq_id <= $3 order by e.seq_id limit $4
        """;

    /// <summary>Events that a filter lets through: $1…$3 after, through, limit; $4…$7 stream, partner, type, actor.</summary>
    public static string EventsWhere(EventFilter filter)
    {
        var partner = filter.Partner is null ? "" : "join register.event_partner p on p.position = e.seq_id and p.partner = $5";
        var stream = filter.Stream is null ? "" : "and e.stream_id = $4";
        var type = filter.Type is null ? "" : "and e.type = $6";
        var actor = filter.Actor is null ? "" : "and e.user_name = $7";
        return $"""
            select l.position, l.header, l.body from register.mt_events e join register.ledger_entry l on l.position = e.seq_id {partner}
            where e.seq_id > $1 and e.seq_id <= $2 {stream} {type} {actor} order by e.seq_id limit $3
            """;
    }

    public const string EventIdAt = "select id from register.mt_events where seq_id = $1";

    /// <summary>The last position recorded at or before $1, up to $2: times grow with positions, so halving finds it by key.</summary>
    public const string PositionAt =
        """
        with recursive halving (low, high) as (
            select 0::bigint, $2::bigint
            union all
            select case when e.timestamp <= $1 then e.seq_id else s.low end, case when e.timestamp <= $1 then s.high else e.seq_id - 1 end
            from halving s join register.mt_events e on e.seq_id = (s.low + s.high + 1) / 2 where s.low < s.high)
        select low from halving where low = high
        """;

    public const string StreamOf = "select stream_id from register.stream_reference where reference = $1";
    public const string ReferencesOf = "select stream_id, reference from register.stream_reference where stream_id = any ($1::text[])";

    // ---- news of the log, and those who follow it ----

    public const string Listen = "listen register_log";

    /// <summary>Tells the other processes that the log has grown. A transaction of its own, and not worth waiting for a disk.</summary>
    public const string Notify = "select set_config('synchronous_commit', 'off', true), pg_notify('register_log', '')";

    /// <summary>How far a consumer has come. $1 consumer.</summary>
    public const string ReadCursor = "select position from register.subscription where consumer = $1";

    public const string AddSubscription = "insert into register.subscription (consumer, position) values ($1, $2) on conflict (consumer) do nothing";

    /// <summary>$1 consumer, $2 holder, $3 length of the lease. No row: another holds it.</summary>
    public const string TakeLease =
        """
        update register.subscription set fence = fence + 1, holder = $2, lease_ends = clock_timestamp() + $3
        where consumer = $1 and lease_ends <= clock_timestamp() returning fence, position
        """;

    /// <summary>Moves the cursor and prolongs the lease. $1 consumer, $2 fence, $3 position, $4 length. No row: the lease is lost, even if nobody took it.</summary>
    public const string MoveCursor =
        """
        update register.subscription set position = greatest(position, $3), moved_at = clock_timestamp(), lease_ends = clock_timestamp() + $4
        where consumer = $1 and fence = $2 and lease_ends > clock_timestamp() returning fence
        """;

    /// <summary>A length of zero gives the lease back.</summary>
    public const string ProlongLease =
        "update register.subscription set lease_ends = clock_timestamp() + $3 where consumer = $1 and fence = $2 and lease_ends > clock_timestamp() returning fence";

    // ---- idempotency ----

    public const string FindKey = "select body_hmac, first_position, last_position, answer from register.idempotency where key_hmac = $1";
    public const string RememberAnswer = "insert into register.idempotency (key_hmac, body_hmac, answer) values ($1, $2, $3)";

    // ---- protected values ----

    public const string ReadProtected = "select ciphertext from register.protected_value where position = $1 and pointer = $2";
    public const string HasProtected = "select exists (select from register.protected_value where subject = $1 and position > $2)";
    public const string ProtectedSubjectsAfter = "select distinct subject from register.protected_value where position > $1 order by subject";
    public const string CountProtected = "select count(*) from register.protected_value where subject = $1 and position <= $2";
    public const string ProtectedAfter =
        """
        select p.position, p.pointer, p.subject, p.ciphertext, e.id, e.stream_id
        from register.protected_value p join register.mt_events e on e.seq_id = p.position
        where (p.position, p.pointer) > ($1, $2) order by p.position, p.pointer limit $3
        """;

    // ---- a head that somebody holds ----

    /// <summary>
    /// Ends whoever keeps $1 waiting, if it is a writer like us that waits for its client's next bytes. None of PostgreSQL 15's timeouts
    /// runs in that state, and a client stopped halfway through sending would hold the head for ever. Of several who wait for a row, only the
    /// first is blocked by its holder and the others by that first, whose own client may be stopped too: so the chain is followed.
    /// </summary>
    public const string EndHolder =
        """
        with recursive blocking (pid) as (select unnest(pg_blocking_pids($1)) union select unnest(pg_blocking_pids(pid)) from blocking)
        select pg_terminate_backend(pid) from pg_stat_activity join blocking using (pid) where application_name = $2 and wait_event = 'ClientRead'
        """;

    /// <summary>
    /// Connections to this database that keep a snapshot open; VACUUM's own holds nothing back. What belongs to another role is not shown but for its process.
    /// </summary>
    public const string HeldSnapshots =
        """
        select pid, coalesce(nullif(application_name, ''), backend_type, 'of another role'), backend_xmin::text from pg_stat_activity
        where backend_xmin is not null and pid <> pg_backend_pid() and datid = (select oid from pg_database where datname = current_database())
            and pid not in (select pid from pg_stat_progress_vacuum)
        """;

    // ---- grants ----

    /// <summary>What the application's role needs, and no more; {0} is the quoted role.</summary>
    public const string Grants =
        """
        grant usage on schema register to {0};
        grant select on all tables in schema register to {0};
        grant insert on register.mt_streams, register.mt_events, register.ledger_entry, register.ledger_tile, register.ledger_checkpoint, register.protected_value,
            register.ledger_cosignature, register.ledger_timestamp, register.witness_state,
            register.stream_reference, register.reference_counter, register.event_partner, register.idempotency,
            register.view, register.view_row, register.view_partner, register.subscription to {0};
        grant update (version, timestamp) on register.mt_streams to {0};
        grant update (size, root, frontier, epoch, recorded_at, sealed) on register.log_head to {0};
        grant update (size, root, note, cosigned_at) on register.witness_state to {0};
        grant update (last) on register.reference_counter to {0};
        grant update (generation, definition) on register.view to {0};
        grant update (version, position, document) on register.view_row to {0};
        grant delete on register.view_row, register.view_partner to {0};
        grant insert, update (revoked_at) on register.access_token, register.calendar_feed to {0};
        grant insert, delete on register.search_words to {0};
        grant update (position, definition) on register.search_index to {0};
        grant update (position, fence, holder, lease_ends, moved_at) on register.subscription to {0};
        grant select, update on sequence register.mt_events_sequence to {0};
        grant insert, update, delete on register.mt_event_progression to {0};
        grant insert on register.mt_high_water_skips to {0};
        grant usage on schema report to {0};
        grant select, insert, update, delete on report.snapshot, report.line to {0};
        do $grant$
        begin
            if exists (select from pg_roles where rolname = 'securitycoop_report') then
                grant usage on schema report to securitycoop_report;
                grant select on report.partnership_status, report.meetings, report.statements, report.actions, report.instruments, report.follow_ups to securitycoop_report;
            end if;
        end
        $grant$
        """;
}
