-- The event log: Marten's tables as Marten 9 lays them out (string stream identity, with correlation, causation, headers and
-- user columns), and beside them the ledger's and the register's own. Nothing of ours stands on mt_events or mt_streams: a
-- Marten application in its default mode drops columns and indexes that it does not know.

create table register.mt_streams (
    id          varchar     not null constraint pkey_mt_streams_id primary key,
    type        varchar,
    version     bigint,
    timestamp   timestamptz not null default now(),
    created     timestamptz not null default now(),
    tenant_id   varchar     default '*DEFAULT*',
    is_archived boolean     default false
) with (fillfactor = 70);

create sequence register.mt_events_sequence;

create table register.mt_events (
    seq_id         bigint       not null constraint pkey_mt_events_seq_id primary key,
    id             uuid         not null,
    stream_id      varchar      constraint fkey_mt_events_stream_id references register.mt_streams (id) on delete cascade,
    version        bigint       not null,
    data           jsonb        not null,
    bdata          bytea,
    type           varchar(500) not null,
    timestamp      timestamptz  not null,
    tenant_id      varchar      default '*DEFAULT*',
    mt_dotnet_type varchar,
    correlation_id varchar,
    causation_id   varchar,
    headers        jsonb,
    user_name      varchar,
    is_archived    boolean      default false
);
create unique index pk_mt_events_stream_and_version on register.mt_events (stream_id, version);
alter sequence register.mt_events_sequence owned by register.mt_events.seq_id;

create table register.mt_event_progression (
    name         varchar not null constraint pk_mt_event_progression primary key,
    last_seq_id  bigint,
    last_updated timestamptz default transaction_timestamp()
);

-- One row. Whoever appends takes its lock; positions come from size. Half-empty pages keep its updates in place.
create table register.log_head (
    id          boolean     not null default true primary key check (id),
    log         uuid        not null default gen_random_uuid(),
    size        bigint      not null default 0,
    root        bytea       not null default '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', -- RFC 6962: the empty tree
    frontier    bytea       not null default '\x', -- roots of the full subtrees, largest first
    epoch       bigint      not null default 0,
    recorded_at timestamptz not null default timestamptz '1970-01-01 00:00:00+00',
    sealed      bigint      not null default 0
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

create table register.ledger_tile (
    level  smallint not null,
    index  bigint   not null,
    hashes bytea    not null,
    primary key (level, index)
);

create table register.ledger_checkpoint (
    size      bigint      not null primary key,
    root      bytea       not null,
    note      bytea       not null,
    signed_at timestamptz not null
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

create table register.event_partner (
    partner  text   collate "C" not null,
    position bigint not null,
    primary key (partner, position)
);

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

create table register.view (
    name       text    collate "C" not null primary key,
    generation integer not null unique,
    definition text    not null
);

-- Documents up to about 8 KB stay in the row, uncompressed: they are rewritten far more often than they age.
create table register.view_row (
    generation integer not null,
    key        text    collate "C" not null,
    version    bigint  not null,
    position   bigint  not null,
    document   bytea   not null,
    primary key (generation, key)
) with (fillfactor = 50, toast_tuple_target = 8160);
alter table register.view_row alter column document set storage external;

create table register.view_partner (
    generation integer not null,
    partner    text    collate "C" not null,
    key        text    collate "C" not null,
    primary key (generation, partner, key)
);

-- The log and the ledger are only ever added to, whoever asks: their owner, a cascade, a replication role.
create function register.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of % is refused: the log is only ever added to', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger only_ever_added_to before update or delete or truncate on register.mt_events
    for each statement execute function register.refuse_change();
alter table register.mt_events enable always trigger only_ever_added_to;

create trigger only_ever_added_to before update or delete or truncate on register.ledger_entry
    for each statement execute function register.refuse_change();
alter table register.ledger_entry enable always trigger only_ever_added_to;

create trigger never_changed before update or truncate on register.protected_value
    for each statement execute function register.refuse_change();
alter table register.protected_value enable always trigger never_changed;
