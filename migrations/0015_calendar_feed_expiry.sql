-- A private address of a calendar ends by itself. Those that there are end a year after they were made.
alter table register.calendar_feed add column expires_at timestamptz;
update register.calendar_feed set expires_at = created_at + interval '365 days';
alter table register.calendar_feed alter column expires_at set not null, add check (expires_at > created_at);
