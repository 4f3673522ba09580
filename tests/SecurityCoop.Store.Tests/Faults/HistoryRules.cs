namespace SecurityCoop.Store.Tests.Faults;

/// <summary>What holds in Marten's tables and the register's own, after any history.</summary>
internal sealed partial class HistoryCheck
{
    /// <summary>Each rule with a statement that finds the rows which break it.</summary>
    private static readonly (string Rule, string Broken)[] Rules =
    [
        ("positions are dense from 1",
            "select 1 from (select seq_id, row_number() over (order by seq_id) n from register.mt_events) e where seq_id <> n"),
        ("versions are 1 to n in the order of the log",
            """
            select 1 from (select version, row_number() over (partition by stream_id order by seq_id) n from register.mt_events) e
            where version <> n
            """),
        ("an event is stored once", "select id from register.mt_events group by id having count(*) > 1"),
        ("there is no tombstone",
            "select 1 from register.mt_streams where id = 'mt_tombstone' "
                + "union all select 1 from register.mt_events where type = 'tombstone'"),
        ("a stream's version counts its events",
            """
            select 1 from register.mt_streams s
            full join (select stream_id, count(*) n from register.mt_events group by 1) e on e.stream_id = s.id
            where s.version is distinct from e.n
            """),
        ("the head is the last event's",
            """
            select 1 from register.log_head, (select count(*) n, max(timestamp) t from register.mt_events) e
            where size <> n or n > 0 and recorded_at <> t
            """),
        ("a transaction has one time, later than the one before, and consecutive positions",
            """
            select 1 from (select min(timestamp) first, max(timestamp) last, lag(max(timestamp)) over (order by min(seq_id)) before,
                count(*) n, max(seq_id) - min(seq_id) + 1 span from register.mt_events group by xmin::text) t
            where first <> last or first <= before or n <> span
            """),
        ("ledger and events say the same, and the hashes are theirs",
            """
            select 1 from register.mt_events e full join register.ledger_entry l on l.position = e.seq_id
            where e.seq_id is null or l.position is null or l.leaf <> sha256('\x00'::bytea || l.header)
                or e.data <> convert_from(l.body, 'UTF8')::jsonb or e.headers <> convert_from(l.header, 'UTF8')::jsonb
                or e.headers->>'body' <> encode(sha256(l.body), 'hex') or e.headers->>'event_id' <> e.id::text
                or e.headers->>'stream' <> e.stream_id
                or (e.headers->>'version')::bigint <> e.version or (e.headers->>'recorded_at')::timestamptz <> e.timestamp
                or e.headers->>'type' <> e.type or e.headers->>'actor' <> e.user_name
            """),
        ("references of each prefix have no gaps, and each stands in its stream's first event",
            """
            select 1 from (
                select reference, stream_id, prefix, row_number() over (partition by prefix order by length(reference), reference) n
                from (select *, substring(reference from '^(.*)-[0-9]+$') prefix from register.stream_reference) s) r
            left join register.mt_events e on e.stream_id = r.stream_id and e.version = 1
            where reference <> prefix || '-' || case when n < 10000 then lpad(n::text, 4, '0') else n::text end
                or e.headers->>'reference' is distinct from reference
            union all select 1 from register.reference_counter c
            where last <> (select count(*) from register.stream_reference where reference ~ ('^' || c.prefix || '-[0-9]+$'))
            """),
        ("a key stands for all events of its command",
            """
            select 1 from register.idempotency i left join (select headers->>'command_id' c, min(seq_id) first, max(seq_id) last, count(*) n
                from register.mt_events group by 1) e on e.c = i.command_id::text
            where (i.first_position, i.last_position, i.last_position - i.first_position + 1) is distinct from (e.first, e.last, e.n)
            union all select 1 from register.idempotency group by command_id having count(*) > 1
            """),
        ("of each size one root was signed, of no more than there is",
            """
            select 1 from register.ledger_checkpoint group by origin, size having count(distinct root) > 1
            union all select 1 from register.ledger_checkpoint c, register.log_head h where c.size > h.size
            """),
        ("a document is its stream's fold",
            """
            select 1 from (
                select e.stream_id, jsonb_build_object('id', e.stream_id, 'version', max(e.version), 'position', max(seq_id),
                    'partners', coalesce((array_agg(data->'partners') filter (where type = 'sample_opened'))[1], '[]'),
                    'record', jsonb_strip_nulls(jsonb_build_object('count', count(*), 'weight', coalesce(sum((data->>'weight')::int), 0),
                        'title', case when bool_or(type = 'sample_opened') then min(data->>'title') else '' end, 'lastPosition', max(seq_id), 'reference', min(headers->>'reference'),
                        'last', coalesce((array_agg(case type when 'sample_noted' then data->>'text' else 'protected' end order by version desc)
                            filter (where type in ('sample_noted', 'sample_described')))[1], ''),
                        'partners', coalesce((array_agg(data->'partners') filter (where type = 'sample_opened'))[1], '[]')))) as document
                from register.mt_events e group by e.stream_id) e
            full join register.mt_doc_sample d on d.id = e.stream_id
            where d.data is distinct from e.document or (select to_jsonb(d.partners)) is distinct from e.document->'partners'
            """),
    ];
}
