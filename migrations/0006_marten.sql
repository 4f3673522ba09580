-- What a Marten 9 application needs to append to this log, to read it and to run its daemon on it. Positions, times and versions stay the
-- register's: triggers give them under the head's lock. Our own writer gives them itself and says so (register.writer), so that for it no
-- trigger runs: their conditions are all that it pays.

-- The head comes first in every transaction that writes the log: whoever has the head has to wait for nobody, so nothing deadlocks. The transaction's
-- one time is given with it, and kept for its length in a setting, in microseconds since 1970. A transaction may give it itself beforehand; the
-- head's own rules hold for it then.
create or replace function register.take_head() returns trigger language plpgsql as $$
declare
    last timestamptz;
begin
    select recorded_at into last from register.log_head for update;
    if coalesce(current_setting('register.recorded_at', true), '') = '' then
        perform set_config('register.recorded_at',
            (extract(epoch from greatest(clock_timestamp(), last + interval '1 microsecond')) * 1000000)::bigint::text, true);
    end if;
    return null;
end $$;

create or replace trigger take_head before insert or update on register.mt_streams
    for each statement when (current_setting('register.writer', true) is distinct from 'on') execute function register.take_head();
create or replace trigger take_head before insert on register.mt_events
    for each statement when (current_setting('register.writer', true) is distinct from 'on') execute function register.take_head();

create or replace function register.given_time() returns timestamptz language sql as $$
    select timestamptz 'epoch' + current_setting('register.recorded_at')::bigint * interval '1 microsecond'
$$;

create or replace function register.place_stream() returns trigger language plpgsql as $$
begin
    new.timestamp := register.given_time();
    if tg_op = 'INSERT' then
        new.created := new.timestamp;
    end if;
    return new;
end $$;

create or replace trigger place_stream before insert or update on register.mt_streams
    for each row when (current_setting('register.writer', true) is distinct from 'on') execute function register.place_stream();

create or replace function register.place_event() returns trigger language plpgsql as $$
declare
    given timestamptz := register.given_time();
begin
    if new.is_archived then
        raise exception 'Archiving is refused: the log is only ever added to' using errcode = 'restrict_violation';
    end if;
    if new.stream_id like 'ledger-%' then
        raise exception 'The ledger''s own stream is the register''s alone' using errcode = 'restrict_violation';
    end if;
    if new.type !~ '^[A-Za-z0-9_.-]{1,200}$' then
        raise exception 'An event type is made of 1 to 200 letters, digits, _ . and -' using errcode = 'check_violation';
    end if;
    if length(new.stream_id) > 500 or greatest(length(new.user_name), length(new.correlation_id), length(new.causation_id)) > 1000
        or concat(new.stream_id, new.user_name, new.correlation_id, new.causation_id) ~ '[[:cntrl:]]' then
        raise exception 'A stream id (up to 500 characters), user name, correlation or causation (up to 1000) is too long or holds a control character'
            using errcode = 'check_violation';
    end if;
    update register.log_head set size = size + 1,
        recorded_at = case when given between recorded_at and clock_timestamp() + interval '1 second' then given end
        returning size, recorded_at into new.seq_id, new.timestamp;
    if new.version not between 1 and 1 + coalesce((select max(version) from register.mt_events where stream_id = new.stream_id), 0) then
        raise exception 'Event % of stream % would leave a gap before it', new.version, new.stream_id using errcode = 'check_violation';
    end if; -- A version that is there already meets the index, whose name Marten knows.
    perform setval('register.mt_events_sequence', new.seq_id); -- Where Marten's daemon looks for the end of the log.
    return new;
end $$;

create or replace trigger place_event before insert on register.mt_events
    for each row when (current_setting('register.writer', true) is distinct from 'on') execute function register.place_event();

create or replace function register.mt_quick_append_events(
    stream varchar, stream_type varchar, tenantid varchar, event_ids uuid[], event_types varchar[], dotnet_types varchar[], bodies jsonb[], bdatas bytea[],
    causation_ids varchar[], correlation_ids varchar[], headers jsonb[], user_names varchar[], timestamps timestamptz[], expected_version bigint default null)
    returns bigint[] language plpgsql as $$
declare
    stored record;
    before bigint;
    positions bigint[];
begin
    perform 1 from register.log_head for update;
    select coalesce(s.version, 0) as version, s.is_archived into stored from register.mt_streams s where s.id = stream;
    before := case when found then stored.version else 0 end;
    if stored.is_archived then
        raise exception 'Stream % is archived', stream using errcode = 'MT001';
    end if;
    if expected_version <> before then
        raise exception 'Stream % was expected at version %; it is at %', stream, expected_version, before using errcode = 'MT003';
    end if;
    if stored is null then
        insert into register.mt_streams (id, type, version, tenant_id) values (stream, stream_type, 0, tenantid);
    end if;
    with added as (
        insert into register.mt_events
            (seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name)
        select 0, e.id, stream, before + e.n, e.body, e.bdata, e.type, now(), tenantid, e.dotnet_type, e.correlation, e.causation, e.headers, e.user_name
        from unnest(event_ids, event_types, dotnet_types, bodies, bdatas, correlation_ids, causation_ids, mt_quick_append_events.headers, user_names)
            with ordinality as e (id, type, dotnet_type, body, bdata, correlation, causation, headers, user_name, n)
        order by e.n
        returning seq_id)
    select array_agg(seq_id order by seq_id) into positions from added;
    update register.mt_streams set version = before + cardinality(event_ids), timestamp = now() where id = stream;
    return array_prepend(before + cardinality(event_ids), positions);
end $$;

create or replace function register.mt_archive_stream(streamid varchar) returns void language plpgsql as $$
begin
    raise exception 'Archiving stream % is refused: the log is only ever added to', streamid using errcode = 'restrict_violation';
end $$;

-- Marten's daemon: how far its own projections have come, and what it passed over. No event of this log is ever passed over, since there are no gaps.
create table if not exists register.mt_high_water_skips (
    ending_sequence   bigint      not null constraint pkey_mt_high_water_skips_ending_sequence primary key,
    starting_sequence bigint      not null,
    timestamp         timestamptz default transaction_timestamp()
);

create or replace function register.mt_mark_event_progression(name varchar, last_encountered bigint) returns void language sql as $$
    insert into register.mt_event_progression (name, last_seq_id) values ($1, $2)
    on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = transaction_timestamp()
$$;

create or replace function register.mt_mark_progression_with_skip(shard_name varchar, ending_sequence bigint, starting_sequence bigint) returns bigint language plpgsql as $$
declare
    at bigint := (select last_seq_id from register.mt_event_progression p where p.name = shard_name);
begin
    if at <> starting_sequence then
        return at;
    end if;
    perform register.mt_mark_event_progression(shard_name, ending_sequence);
    if ending_sequence > starting_sequence then
        insert into register.mt_high_water_skips (ending_sequence, starting_sequence) values ($2, $3)
            on conflict on constraint pkey_mt_high_water_skips_ending_sequence do nothing;
    end if;
    return ending_sequence;
end $$;
