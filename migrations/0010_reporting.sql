-- For people who bring their own tools: what the register answers, as rows. The host writes them from its own fold as of a day
-- (`securitycoop report`, and in the background); the views only take them apart. No rule of the register's is written in SQL. Everything
-- here can be computed again and is no part of the history.
create schema report;

create table report.snapshot (
    as_of       date        not null primary key,
    current     boolean     not null,
    position    bigint      not null check (position >= 0),
    computed_at timestamptz not null default now(),
    clearance   text        not null check (clearance in ('open', 'restricted', 'confidential', 'secret')) -- the highest marking that is in it
);
create unique index snapshot_current on report.snapshot (current) where current;

create table report.line (
    as_of    date    not null references report.snapshot (as_of) on delete cascade,
    report   text    not null,
    ordinal  integer not null,
    document jsonb   not null,
    primary key (report, as_of, ordinal)
);

create view report.partnership_status as
select l.document->>'partner' as partner,
       l.document->>'name_fr' as name_fr,
       l.document->>'name_en' as name_en,
       l.document->>'name_ar' as name_ar,
       l.document->>'status' as status,
       l.document->>'certainty' as certainty,
       l.document->>'certain_status' as certain_status,
       (l.document->>'closed')::boolean as closed,
       l.document->>'last_contact' as last_contact,
       array(select jsonb_array_elements_text(coalesce(l.document->'modifiers', '[]'))) as modifiers,
       array(select jsonb_array_elements_text(coalesce(l.document->'topics', '[]'))) as topics,
       (l.document->>'meetings')::integer as meetings,
       (l.document->>'statements')::integer as statements,
       (l.document->>'actions')::integer as actions,
       (l.document->>'open_actions')::integer as open_actions,
       (l.document->>'instruments')::integer as instruments,
       l.as_of as as_of,
       s.current as current,
       s.position as position,
       s.computed_at as computed_at
  from report.line l join report.snapshot s using (as_of)
 where l.report = 'partnership';
comment on view report.partnership_status is 'Where each opened partnership stands on a day, as GET /api/partnerships answers.';
comment on column report.partnership_status.partner is 'Code of the partner: ISO 3166-1 alpha-2, or an organisation''s own.';
comment on column report.partnership_status.name_fr is 'Its name in French.';
comment on column report.partnership_status.name_en is 'Its name in English.';
comment on column report.partnership_status.name_ar is 'Its name in Arabic.';
comment on column report.partnership_status.status is 'suspended, framework-active, signed, committed, lapsed, intent, contact or no-record.';
comment on column report.partnership_status.certainty is 'Whether the status holds for certain or possibly.';
comment on column report.partnership_status.certain_status is 'The first status such that in every possible case it or an earlier one holds.';
comment on column report.partnership_status.closed is 'Whether the partnership is closed.';
comment on column report.partnership_status.last_contact is 'EDTF date of the latest dated meeting; null: none.';
comment on column report.partnership_status.modifiers is 'What is said beside the status: overdue, undated-commitment, expiring, dormant, review-due, disputed.';
comment on column report.partnership_status.topics is 'Codes of everything that was spoken of.';
comment on column report.partnership_status.meetings is 'Meetings held.';
comment on column report.partnership_status.statements is 'Statements made.';
comment on column report.partnership_status.actions is 'Actions agreed.';
comment on column report.partnership_status.open_actions is 'Those that are possibly open.';
comment on column report.partnership_status.instruments is 'Instruments.';
comment on column report.partnership_status.as_of is 'The day of the world that the row speaks of.';
comment on column report.partnership_status.current is 'True of the day that the host keeps up to date; false of a day that somebody asked for.';
comment on column report.partnership_status.position is 'The row is made from the log up to this position.';
comment on column report.partnership_status.computed_at is 'When it was computed.';

create view report.meetings as
select l.document->>'reference' as reference,
       array(select jsonb_array_elements_text(coalesce(l.document->'partners', '[]'))) as partners,
       l.document->>'kind' as kind,
       l.document->>'state' as state,
       l.document->>'date' as date,
       (l.document->>'date_from')::date as date_from,
       (l.document->>'date_to')::date as date_to,
       l.document->>'place' as place,
       l.document->>'home_organisation' as home_organisation,
       l.document->>'part_of' as part_of,
       (l.document->>'validated')::boolean as validated,
       (l.document->>'statements')::integer as statements,
       l.document->>'marking' as marking,
       l.as_of as as_of,
       s.current as current,
       s.position as position,
       s.computed_at as computed_at
  from report.line l join report.snapshot s using (as_of)
 where l.report = 'meeting';
comment on view report.meetings is 'Meetings, planned and held.';
comment on column report.meetings.reference is 'The meeting''s reference.';
comment on column report.meetings.partners is 'Codes of the partners.';
comment on column report.meetings.kind is 'Slug of the kind of meeting.';
comment on column report.meetings.state is 'planned, postponed, held or cancelled.';
comment on column report.meetings.date is 'The day. EDTF (ISO 8601-2:2019): part of it may be unknown; empty: unknown.';
comment on column report.meetings.date_from is 'The earliest day that it may be; null: no bound.';
comment on column report.meetings.date_to is 'The latest day that it may be; null: no bound.';
comment on column report.meetings.place is 'Where.';
comment on column report.meetings.home_organisation is 'Reference of the home organisation that met; null: the service itself.';
comment on column report.meetings.part_of is 'Reference of the visit or series that it was part of.';
comment on column report.meetings.validated is 'Whether a validator has confirmed the record.';
comment on column report.meetings.statements is 'How many statements of it stand.';
comment on column report.meetings.marking is 'open, restricted, confidential or secret.';
comment on column report.meetings.as_of is 'The day of the world that the row speaks of.';
comment on column report.meetings.current is 'True of the day that the host keeps up to date; false of a day that somebody asked for.';
comment on column report.meetings.position is 'The row is made from the log up to this position.';
comment on column report.meetings.computed_at is 'When it was computed.';

create view report.statements as
select l.document->>'record' as record,
       (l.document->>'number')::integer as number,
       array(select jsonb_array_elements_text(coalesce(l.document->'partners', '[]'))) as partners,
       l.document->>'date' as date,
       (l.document->>'date_from')::date as date_from,
       (l.document->>'date_to')::date as date_to,
       l.document->>'force' as force,
       l.document->>'speaker' as speaker,
       array(select jsonb_array_elements_text(coalesce(l.document->'topics', '[]'))) as topics,
       l.document->>'region' as region,
       (l.document->>'formulaic')::boolean as formulaic,
       l.document->>'text' as text,
       (l.document->>'protected')::boolean as protected,
       array(select jsonb_array_elements_text(coalesce(l.document->'opens', '[]'))) as opens,
       l.document->>'marking' as marking,
       l.as_of as as_of,
       s.current as current,
       s.position as position,
       s.computed_at as computed_at
  from report.line l join report.snapshot s using (as_of)
 where l.report = 'statement';
comment on view report.statements is 'What was said, at meetings and outside them.';
comment on column report.statements.record is 'Reference of the meeting; of what was said outside any, the partner''s code.';
comment on column report.statements.number is 'Its number within the record, from 1.';
comment on column report.statements.partners is 'Codes of the partners of the record.';
comment on column report.statements.date is 'The day on which it was said. EDTF (ISO 8601-2:2019): part of it may be unknown; empty: unknown.';
comment on column report.statements.date_from is 'The earliest day that it may be; null: no bound.';
comment on column report.statements.date_to is 'The latest day that it may be; null: no bound.';
comment on column report.statements.force is 'discussed, intent, agreed-action, planned-instrument, appreciation, objection or denial: as it is read now.';
comment on column report.statements.speaker is 'home, joint, or a partner''s code.';
comment on column report.statements.topics is 'Codes of the topics.';
comment on column report.statements.region is 'The region that it speaks of.';
comment on column report.statements.formulaic is 'True of a set phrase, which no status is read from.';
comment on column report.statements.text is 'The words; null where none are on record, or they are protected.';
comment on column report.statements.protected is 'True where the words are protected: the record itself shows them to whoever may see them.';
comment on column report.statements.opens is 'References of the actions or instruments that it opened.';
comment on column report.statements.marking is 'open, restricted, confidential or secret.';
comment on column report.statements.as_of is 'The day of the world that the row speaks of.';
comment on column report.statements.current is 'True of the day that the host keeps up to date; false of a day that somebody asked for.';
comment on column report.statements.position is 'The row is made from the log up to this position.';
comment on column report.statements.computed_at is 'When it was computed.';

create view report.actions as
select l.document->>'reference' as reference,
       l.document->>'partner' as partner,
       l.document->>'what' as what,
       l.document->>'owed_by' as owed_by,
       l.document->>'owner' as owner,
       l.document->>'agreed' as agreed,
       (l.document->>'agreed_from')::date as agreed_from,
       (l.document->>'agreed_to')::date as agreed_to,
       l.document->>'due' as due,
       (l.document->>'due_from')::date as due_from,
       (l.document->>'due_to')::date as due_to,
       l.document->>'standing' as standing,
       (l.document->>'review_on')::date as review_on,
       array(select jsonb_array_elements_text(coalesce(l.document->'topics', '[]'))) as topics,
       l.document->>'meeting' as meeting,
       array(select jsonb_array_elements_text(coalesce(l.document->'states', '[]'))) as states,
       l.document->>'open' as open,
       l.document->>'overdue' as overdue,
       l.document->>'undated' as undated,
       l.document->>'review_due' as review_due,
       l.document->>'blocked' as blocked,
       l.document->>'waiting_on_partner' as waiting_on_partner,
       (l.document->>'follow_ups')::integer as follow_ups,
       l.document->>'marking' as marking,
       l.as_of as as_of,
       s.current as current,
       s.position as position,
       s.computed_at as computed_at
  from report.line l join report.snapshot s using (as_of)
 where l.report = 'action';
comment on view report.actions is 'What was agreed to be done.';
comment on column report.actions.reference is 'The action''s reference.';
comment on column report.actions.partner is 'Code of the partner.';
comment on column report.actions.what is 'What it is about.';
comment on column report.actions.owed_by is 'home, partner or both.';
comment on column report.actions.owner is 'Opaque id of whoever sees to it.';
comment on column report.actions.agreed is 'When it was agreed. EDTF (ISO 8601-2:2019): part of it may be unknown; empty: unknown.';
comment on column report.actions.agreed_from is 'The earliest day that it may be; null: no bound.';
comment on column report.actions.agreed_to is 'The latest day that it may be; null: no bound.';
comment on column report.actions.due is 'When it is due; null: undated or standing. EDTF (ISO 8601-2:2019): part of it may be unknown; empty: unknown.';
comment on column report.actions.due_from is 'The earliest day that it may be; null: no bound.';
comment on column report.actions.due_to is 'The latest day that it may be; null: no bound.';
comment on column report.actions.standing is 'A standing duty''s relative deadline in words.';
comment on column report.actions.review_on is 'The day of its next review.';
comment on column report.actions.topics is 'Codes of the topics.';
comment on column report.actions.meeting is 'Reference of the meeting at which it was agreed.';
comment on column report.actions.states is 'The states that are possible on the day; one where it is certain.';
comment on column report.actions.open is 'Whether it is open on the day: certain or possible; null: it is not so.';
comment on column report.actions.overdue is 'Whether it is past its due date: certain or possible; null: it is not so.';
comment on column report.actions.undated is 'Whether it is open and has no due date: certain or possible; null: it is not so.';
comment on column report.actions.review_due is 'Whether its review is due: certain or possible; null: it is not so.';
comment on column report.actions.blocked is 'Whether it is blocked: certain or possible; null: it is not so.';
comment on column report.actions.waiting_on_partner is 'Whether the partner owes it: certain or possible; null: it is not so.';
comment on column report.actions.follow_ups is 'How many follow-ups of it stand.';
comment on column report.actions.marking is 'open, restricted, confidential or secret.';
comment on column report.actions.as_of is 'The day of the world that the row speaks of.';
comment on column report.actions.current is 'True of the day that the host keeps up to date; false of a day that somebody asked for.';
comment on column report.actions.position is 'The row is made from the log up to this position.';
comment on column report.actions.computed_at is 'When it was computed.';

create view report.instruments as
select l.document->>'reference' as reference,
       array(select jsonb_array_elements_text(coalesce(l.document->'partners', '[]'))) as partners,
       array(select jsonb_array_elements_text(coalesce(l.document->'parties', '[]'))) as parties,
       l.document->>'kind' as kind,
       l.document->>'title' as title,
       l.document->>'binding' as binding,
       array(select jsonb_array_elements_text(coalesce(l.document->'states', '[]'))) as states,
       (l.document->>'assumed')::boolean as assumed,
       (l.document->>'review_on')::date as review_on,
       l.document->>'review_due' as review_due,
       l.document->>'overdue' as overdue,
       l.document->>'undated' as undated,
       l.document->>'expiring' as expiring,
       array(select jsonb_array_elements_text(coalesce(l.document->'topics', '[]'))) as topics,
       l.document->>'meeting' as meeting,
       (l.document->>'acts')::integer as acts,
       l.document->>'marking' as marking,
       l.as_of as as_of,
       s.current as current,
       s.position as position,
       s.computed_at as computed_at
  from report.line l join report.snapshot s using (as_of)
 where l.report = 'instrument';
comment on view report.instruments is 'Memoranda, agreements and other instruments.';
comment on column report.instruments.reference is 'The instrument''s reference.';
comment on column report.instruments.partners is 'Codes of the partners.';
comment on column report.instruments.parties is 'States or services that are parties; home is this side.';
comment on column report.instruments.kind is 'Slug of the kind of instrument.';
comment on column report.instruments.title is 'Its title.';
comment on column report.instruments.binding is 'binding, non-binding or unknown.';
comment on column report.instruments.states is 'The states that are possible on the day; one where it is certain.';
comment on column report.instruments.assumed is 'True where taking effect on signature is assumed, since the instrument does not say.';
comment on column report.instruments.review_on is 'The day of its next review.';
comment on column report.instruments.review_due is 'Whether its review is due: certain or possible; null: it is not so.';
comment on column report.instruments.overdue is 'Whether its signature is past the day expected: certain or possible; null: it is not so.';
comment on column report.instruments.undated is 'Whether its signature is awaited with no day expected: certain or possible; null: it is not so.';
comment on column report.instruments.expiring is 'Whether it is about to expire, or its last day for a notice near: certain or possible; null: it is not so.';
comment on column report.instruments.topics is 'Codes of the topics.';
comment on column report.instruments.meeting is 'Reference of the meeting at which it was planned.';
comment on column report.instruments.acts is 'How many acts on it stand.';
comment on column report.instruments.marking is 'open, restricted, confidential or secret.';
comment on column report.instruments.as_of is 'The day of the world that the row speaks of.';
comment on column report.instruments.current is 'True of the day that the host keeps up to date; false of a day that somebody asked for.';
comment on column report.instruments.position is 'The row is made from the log up to this position.';
comment on column report.instruments.computed_at is 'When it was computed.';

create view report.follow_ups as
select l.document->>'action' as action,
       l.document->>'partner' as partner,
       l.document->>'date' as date,
       (l.document->>'date_from')::date as date_from,
       (l.document->>'date_to')::date as date_to,
       l.document->>'note' as note,
       (l.document->>'protected')::boolean as protected,
       l.document->>'state' as state,
       (l.document->>'next_review')::date as next_review,
       l.document->>'meeting' as meeting,
       l.document->>'marking' as marking,
       l.as_of as as_of,
       s.current as current,
       s.position as position,
       s.computed_at as computed_at
  from report.line l join report.snapshot s using (as_of)
 where l.report = 'follow-up';
comment on view report.follow_ups is 'What came of actions.';
comment on column report.follow_ups.action is 'Reference of the action.';
comment on column report.follow_ups.partner is 'Code of the partner.';
comment on column report.follow_ups.date is 'On which day. EDTF (ISO 8601-2:2019): part of it may be unknown; empty: unknown.';
comment on column report.follow_ups.date_from is 'The earliest day that it may be; null: no bound.';
comment on column report.follow_ups.date_to is 'The latest day that it may be; null: no bound.';
comment on column report.follow_ups.note is 'What happened; null where it is protected.';
comment on column report.follow_ups.protected is 'True where the note is protected.';
comment on column report.follow_ups.state is 'The state that it left the action in; null: as it was.';
comment on column report.follow_ups.next_review is 'The day of the next review that it set.';
comment on column report.follow_ups.meeting is 'Reference of the meeting at which it was raised.';
comment on column report.follow_ups.marking is 'open, restricted, confidential or secret: the action''s.';
comment on column report.follow_ups.as_of is 'The day of the world that the row speaks of.';
comment on column report.follow_ups.current is 'True of the day that the host keeps up to date; false of a day that somebody asked for.';
comment on column report.follow_ups.position is 'The row is made from the log up to this position.';
comment on column report.follow_ups.computed_at is 'When it was computed.';

-- Who reports: a role without sign-in, to be granted to those that have one. It sees these views and nothing else. Where this role may not
-- make roles, somebody else makes it, and `securitycoop migrate` grants it the views.
do $$
begin
    if not exists (select from pg_roles where rolname = 'securitycoop_report') and exists (select from pg_roles where rolname = current_user and (rolsuper or rolcreaterole)) then
        create role securitycoop_report nologin;
    end if;
exception
    when duplicate_object or unique_violation then null; -- Another database of this server made it at the same moment.
end
$$;
