namespace SecurityCoop.Store;

/// <summary>The statements of the store but those of a commit: what is read of the head and the log, idempotency, leases.</summary>
internal static partial class Sql
{
    // ---- the head ----

    public const string Log = "select log from register.log_head";
    public const string ReadHead = "select size, root, epoch, recorded_at, records from register.log_head";
    public const string TimesAt = "select seq_id, timestamp from register.mt_events where seq_id = any ($1)";

    // ---- events ----

    public const string EventsAfter =
        "select position, header, body from register.ledger_entry where position > $1 and position <= $2 order by position limit $3";

    public const string StreamsChanged =
        "select distinct stream_id from register.mt_events where seq_id > $2 and seq_id <= $3 and stream_id like $1";

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
    public const string StreamsOf = "select reference, stream_id from register.stream_reference where reference = any ($1::text[])";
    public const string ReferencesOf = "select stream_id, reference from register.stream_reference where stream_id = any ($1::text[])";

    // ---- news of the log, and those who follow it ----

    public const string Listen = "listen register_log";

    /// <summary>Tells the other processes that the log has grown. A transaction of its own, and not worth waiting for a disk.</summary>
    public const string Notify = "select set_config('synchronous_commit', 'off', true), pg_notify('register_log', '')";

    /// <summary>How far those who follow the log in Marten's daemon have come. $1 their names there.</summary>
    public const string Progress = "select name, last_seq_id from register.mt_event_progression where name = any ($1::text[]) and last_seq_id is not null";

    public const string AddSubscription = "insert into register.subscription (consumer, position) values ($1, $2) on conflict (consumer) do nothing";

    /// <summary>$1 consumer, $2 holder, $3 length of the lease. No row: another holds it.</summary>
    public const string TakeLease =
        """
        update register.subscription set fence = fence + 1, holder = $2, lease_ends = clock_timestamp() + $3
        where consumer = $1 and (lease_ends <= clock_timestamp() or lease_ends > clock_timestamp() + $3) returning fence, position
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
}
