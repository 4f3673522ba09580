-- Interim, until users are kept as records.
alter table register.access_token add column of_user boolean not null default false;
alter table register.access_token add column last_used_at timestamptz;
alter table register.access_token drop constraint access_token_roles_check;
alter table register.access_token add constraint access_token_roles_check check (
    roles <@ array['reader', 'recorder', 'validator', 'steward', 'auditor', 'administrator'] and (of_user or cardinality(roles) > 0));
