-- What others said of our checkpoints: cosignatures of witnesses (C2SP tlog-cosignature) and time stamps (RFC 3161).
create table register.ledger_cosignature (
    origin      text        collate "C" not null,
    size        bigint      not null,
    witness     text        collate "C" not null, -- verifier key
    line        text        not null,             -- as it stands in the note
    cosigned_at timestamptz not null,             -- by the witness's clock
    primary key (origin, size, witness)
);

create table register.ledger_timestamp (
    origin     text        collate "C" not null,
    size       bigint      not null,
    token      bytea       not null, -- TimeStampToken, DER
    stamped_at timestamptz not null, -- as the token says
    primary key (origin, size)
);

create trigger only_ever_added_to before update or delete or truncate on register.ledger_cosignature
    for each statement execute function register.refuse_change();
alter table register.ledger_cosignature enable always trigger only_ever_added_to;
create trigger only_ever_added_to before update or delete or truncate on register.ledger_timestamp
    for each statement execute function register.refuse_change();
alter table register.ledger_timestamp enable always trigger only_ever_added_to;

-- What this register, as a witness, cosigned last of each log of others. It only ever grows: a witness that went back would cosign two
-- histories.
create table register.witness_state (
    origin      text        collate "C" not null primary key,
    size        bigint      not null,
    root        bytea       not null,
    note        bytea       not null,
    cosigned_at timestamptz not null
);

create function register.refuse_smaller() returns trigger language plpgsql as $$
begin
    if new.size < old.size or new.origin <> old.origin or (new.size = old.size and new.root <> old.root) then
        raise exception 'a checkpoint of % events of % was cosigned; none that contradicts it is', old.size, old.origin using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger only_ever_grows before update on register.witness_state for each row execute function register.refuse_smaller();
create trigger never_removed before delete or truncate on register.witness_state for each statement execute function register.refuse_change();
alter table register.witness_state enable always trigger only_ever_grows;
alter table register.witness_state enable always trigger never_removed;
