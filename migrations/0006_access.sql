-- Who may use the register. Of a token only its SHA-256 is kept: whoever reads this table cannot sign in with what it says.
-- Rows are never deleted, so that it can always be told who could sign in when.
create table register.access_token (
    id             uuid        not null primary key,
    token_hash     bytea       not null unique check (length(token_hash) = 32),
    subject        text        not null check (subject <> ''),
    roles          text[]      not null check (cardinality(roles) > 0 and roles <@ array['reader', 'recorder', 'validator', 'steward', 'auditor', 'administrator']),
    clearance      text        not null check (clearance in ('open', 'restricted', 'confidential', 'secret')),
    label          text        not null,
    -- Of a session: the access token that it was signed in with, and with which it ends.
    signed_in_with uuid        references register.access_token (id),
    created_at     timestamptz not null default now(),
    expires_at     timestamptz,
    revoked_at     timestamptz,
    check (signed_in_with is null or expires_at is not null)
);
