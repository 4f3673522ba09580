-- Which partners each event concerns: those of its record before it and after it. Written with the event.
create table register.event_partner (
    partner  text   collate "C" not null,
    position bigint not null,
    primary key (partner, position)
);

-- Raised whenever the documents are made anew, so that whoever read some of them meanwhile notices.
alter table register.log_head add column epoch bigint not null default 0;
