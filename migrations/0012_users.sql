-- Users by their subjects: as Marten exports it.
CREATE TABLE IF NOT EXISTS register.mt_doc_user (
    id                  varchar                     NOT NULL,
    data                jsonb                       NOT NULL,
    mt_last_modified    timestamp with time zone    NULL DEFAULT (transaction_timestamp()),
    mt_dotnet_type      varchar                     NULL,
    mt_version          bigint                      NOT NULL DEFAULT 0,
    partners            text[]                      NULL,
CONSTRAINT pkey_mt_doc_user_id PRIMARY KEY (id)
);

CREATE INDEX mt_doc_user_idx_partners ON register.mt_doc_user USING gin (partners);

-- A token of a user's is worth what the user may do, and nothing without the user; roles and clearance are those of its making. One that
-- was made before there were users keeps its own, until a user of its subject is described.
alter table register.access_token add column of_user boolean not null default false;
-- To the hour: written once an hour at most.
alter table register.access_token add column last_used_at timestamptz;
-- A user may have no role yet.
alter table register.access_token drop constraint access_token_roles_check;
alter table register.access_token add constraint access_token_roles_check check (
    roles <@ array['reader', 'recorder', 'validator', 'steward', 'auditor', 'administrator'] and (of_user or cardinality(roles) > 0));
