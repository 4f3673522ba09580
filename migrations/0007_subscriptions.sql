-- How far each named consumer of the log has come, and which process may move it. Whoever takes the lease raises the fence; from then
-- on nothing that an earlier holder sends moves the cursor. Half-empty pages keep its updates in place.
create table register.subscription (
    consumer   text        collate "C" not null primary key check (consumer <> ''),
    position   bigint      not null default 0 check (position >= 0), -- handled up to here
    fence      bigint      not null default 0,
    holder     text, -- for people: host and process of the last one that took the lease
    lease_ends timestamptz not null default '-infinity', -- by the database's clock
    moved_at   timestamptz
) with (fillfactor = 50);
