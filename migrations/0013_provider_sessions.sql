-- Who signs in by the office's own OpenID provider has one row of no use as a token (provider), and a row for each session, signed in with it.
alter table register.access_token
    -- The issuer by which the row's subject is known. Of the subject's id there nothing is kept here: it is personal.
    add column provider text check (provider <> ''),
    -- What the provider's claims gave. Null: what the administrator says of the user counts.
    add column given_roles text[] check (given_roles <@ array['reader', 'recorder', 'validator', 'steward', 'auditor', 'administrator']),
    add column given_clearance text check (given_clearance in ('open', 'restricted', 'confidential', 'secret')),
    add column given_groups text[],
    -- The provider's id of its own session, by which it ends ours.
    add column provider_session text,
    -- Of a session: when its user proved who they are. Null: before the register kept it.
    add column authenticated_at timestamptz,
    -- Of a session: how long nobody may use it before it ends. Null: it has no such limit.
    add column idle_limit interval check (idle_limit > interval '0'),
    add constraint access_token_provider_row check (provider is null or signed_in_with is null),
    add constraint access_token_idle_use check (idle_limit is null or last_used_at is not null);
create unique index access_token_provider_user on register.access_token (provider, subject);
create index access_token_signed_in_with on register.access_token (signed_in_with);
create index access_token_subject on register.access_token (subject) where signed_in_with is not null;
-- What such a row and its sessions may do is what the claims gave, and what the user may do now.
alter table register.access_token drop constraint access_token_roles_check;
alter table register.access_token add constraint access_token_roles_check check (
    roles <@ array['reader', 'recorder', 'validator', 'steward', 'auditor', 'administrator']
    and (of_user or provider is not null or signed_in_with is not null or cardinality(roles) > 0));
