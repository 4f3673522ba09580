-- The register's own tables beside Marten's, and what the database itself refuses on Marten's.

-- One row. Whoever appends holds its lock; positions come from size. Half-empty pages keep its updates in place.
create table register.log_head (
    id          boolean     not null default true primary key check (id),
    log         uuid        not null default gen_random_uuid(),
    size        bigint      not null default 0,
    root        bytea       not null default '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', -- RFC 6962: the empty tree
    frontier    bytea       not null default '\x', -- roots of the full subtrees, largest first
    recorded_at timestamptz not null default timestamptz '1970-01-01 00:00:00+00',
    records     text        not null default '' -- which folds made the documents; a host with others neither reads nor appends
) with (fillfactor = 50);
insert into register.log_head default values;

-- What was hashed, byte for byte.
create table register.ledger_entry (
    position bigint not null primary key,
    header   bytea  not null,
    body     bytea  not null,
    leaf     bytea  not null
) with (toast_tuple_target = 8160);
alter table register.ledger_entry alter column header set storage external, alter column body set storage external;

-- The root over a full tile's hashes stands beside them: the partial tile of the level above is these roots, as the partial tile of level 0 is the
-- leaf column. Tiles are written when they fill up and never again.
create table register.ledger_tile (
    level  smallint not null,
    index  bigint   not null,
    hashes bytea    not null,
    root   bytea    not null,
    primary key (level, index)
);

-- Checkpoints of one origin; after a restore under a new one, a size may come again.
create table register.ledger_checkpoint (
    size      bigint      not null,
    root      bytea       not null,
    note      bytea       not null,
    signed_at timestamptz not null,
    origin    text        collate "C" not null,
    primary key (origin, size)
);

-- nonce (12 bytes), ciphertext, tag (16 bytes); the key lies outside the database.
create table register.protected_value (
    position   bigint not null,
    pointer    text   collate "C" not null,
    subject    text   collate "C" not null,
    ciphertext bytea  not null,
    primary key (position, pointer)
);
create index protected_value_subject on register.protected_value (subject);

create table register.stream_reference (
    reference text    collate "C" not null primary key,
    stream_id varchar not null unique
);

create table register.reference_counter (
    prefix text   collate "C" not null primary key,
    last   bigint not null
) with (fillfactor = 50);

-- An answer is made again from its events (first to last position); only an answer without events is kept itself.
create table register.idempotency (
    key_hmac       bytea  not null primary key,
    body_hmac      bytea  not null,
    command_id     uuid,
    first_position bigint,
    last_position  bigint,
    answer         bytea,
    check ((first_position is null) = (last_position is null) and (first_position is null) <> (answer is null))
);

-- The log and the ledger are only ever added to, whoever asks: their owner, a cascade, a replication role.
create function register.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of % is refused: the log is only ever added to', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

do $$
declare
    only_added_to text;
begin
    foreach only_added_to in array array['mt_events', 'ledger_entry', 'ledger_tile', 'ledger_checkpoint'] loop
        execute format('create trigger only_ever_added_to before update or delete or truncate on register.%I
            for each statement execute function register.refuse_change()', only_added_to);
        execute format('alter table register.%I enable always trigger only_ever_added_to', only_added_to);
    end loop;
end $$;

-- A protected value never becomes another.
create trigger never_changed before update or truncate on register.protected_value
    for each statement execute function register.refuse_change();
alter table register.protected_value enable always trigger never_changed;

-- After a save that failed, Marten fills the numbers that it had drawn with events of type tombstone, in the background and without the head's lock. Here the
-- next commit draws the same numbers again, and there is no gap to fill. Left out quietly: Marten would try an error again some twenty times.
create function register.leave_out() returns trigger language plpgsql as $$
begin
    return null;
end $$;
create trigger no_tombstone before insert on register.mt_streams for each row when (new.id = 'mt_tombstone') execute function register.leave_out();
create trigger no_tombstone before insert on register.mt_events for each row when (new.stream_id = 'mt_tombstone') execute function register.leave_out();

-- Whoever appends must hold the head and write the ledger in the same transaction. The register's writer says with the lock, for that transaction only, that it
-- does. This keeps out other programs that use Marten, and whatever Marten repeats on another connection; it is no defence against somebody who means harm.
create function register.refuse_append() returns trigger language plpgsql as $$
begin
    raise exception 'Only the register appends to its log: send it the command over HTTP or by message' using errcode = 'insufficient_privilege';
end $$;
create trigger only_the_writer before insert or update on register.mt_streams
    for each row when (current_setting('register.writer', true) is distinct from 'on') execute function register.refuse_append();
create trigger only_the_writer before insert on register.mt_events
    for each row when (current_setting('register.writer', true) is distinct from 'on') execute function register.refuse_append();
