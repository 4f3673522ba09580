-- Addresses at which a calendar is read without any other sign-in. Of an address only its secret's SHA-256 is kept: whoever reads this
-- table cannot read a calendar with what it says. What a feed shows is decided at each reading by the access token that it was made with,
-- and ends with it. Rows are never deleted, so that it can always be told what could be read with which address when.
create table register.calendar_feed (
    id          uuid        not null primary key,
    secret_hash bytea       not null unique check (length(secret_hash) = 32),
    made_with   uuid        not null references register.access_token (id), -- never a session
    name        text        check (name <> ''),
    partners    text[]      not null,
    owner       text        check (owner <> ''),
    kinds       text[]      not null check (kinds <@ array['due', 'review', 'notice', 'expiry', 'meeting', 'expected']), -- none: all of them
    language    text        not null check (language in ('fr', 'en', 'ar')),
    clearance   text        not null check (clearance in ('open', 'restricted', 'confidential', 'secret')), -- the highest marking that it shows, whatever its maker may see
    created_at  timestamptz not null default now(),
    revoked_at  timestamptz
);
create index calendar_feed_made_with on register.calendar_feed (made_with);
