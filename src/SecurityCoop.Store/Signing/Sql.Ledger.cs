namespace SecurityCoop.Store;

/// <summary>The statements that read the tree and what was signed, and the one that keeps a checkpoint.</summary>
internal static partial class Sql
{
    public const string LeavesAfter = "select position, leaf from register.ledger_entry where position > $1 and position <= $2 order by position";

    /// <summary>
    /// Tiles by level ($1), index ($2) and the number of their first hashes that are wanted ($3). What is not yet full is read where it comes from: the leaves, or
    /// the roots of the tiles below.
    /// </summary>
    public const string ReadTiles =
        """
        select t.n, coalesce((select hashes from register.ledger_tile f where f.level = t.level and f.index = t.index),
            case when t.level = 0
                then (select string_agg(leaf, ''::bytea order by position) from register.ledger_entry where position > t.index * 256 and position <= t.index * 256 + t.width)
                else (select string_agg(b.root, ''::bytea order by b.index) from register.ledger_tile b
                    where b.level = t.level - 1 and b.index >= t.index * 256 and b.index < t.index * 256 + t.width) end)
        from unnest($1::integer[], $2::bigint[], $3::integer[]) with ordinality as t (level, index, width, n)
        """;

    public const string LeafAt = "select leaf from register.ledger_entry where position = $1";

    public const string EntriesAfter =
        "select position, header, body, leaf from register.ledger_entry where position > $1 and position <= $2 order by position limit $3";

    public const string ProtectedBetween =
        "select position, pointer, subject, ciphertext from register.protected_value where position >= $1 and position <= $2 order by position, pointer";

    public const string ProtectedSubjects = "select distinct subject from register.protected_value where position <= $1 order by subject";

    private const string KeptOrOwn =
        """
        with kept as (
            select distinct on (origin, date_trunc('day', signed_at at time zone 'UTC')) origin, size from register.ledger_checkpoint
            where origin <> $1 or size <= $2 order by origin, date_trunc('day', signed_at at time zone 'UTC'), size desc),
        own as (
            select c.origin, c.size from register.mt_events e cross join lateral (
                select origin, size from register.ledger_checkpoint where origin = $1 and size >= e.seq_id and size <= $2 order by size limit 1) c
            where e.stream_id = $3
            union
            select c.origin, c.size from register.mt_events e cross join (select distinct origin from register.ledger_checkpoint) o
            cross join lateral (
                select origin, size from register.ledger_checkpoint c
                where c.origin = o.origin and c.origin <> $1 and size >= e.seq_id order by size limit 1) c
            where e.stream_id = $3)
        """;

    /// <summary>$1 the current origin, $2 the size that a bundle has, $3 the ledger's own stream.</summary>
    public const string RetainedCheckpoints =
        $"""
        {KeptOrOwn},
        vouched as (
            select origin, size from register.ledger_timestamp where origin <> $1 or size <= $2
            union
            select origin, max(size) from register.ledger_cosignature where origin <> $1 or size <= $2 group by origin, witness)
        select c.origin, c.size, c.root, c.note, c.signed_at, t.token from register.ledger_checkpoint c
        join (select * from kept union select * from own union select * from vouched) k using (origin, size)
        left join register.ledger_timestamp t using (origin, size) order by c.size, c.origin
        """;

    public const string AnyCheckpoint = "select exists (select from register.ledger_checkpoint)";

    /// <summary>After a crash between the guard and this, the same checkpoint is signed again; it stands here once.</summary>
    public const string AddCheckpoint =
        "insert into register.ledger_checkpoint (origin, size, root, note, signed_at) values ($1, $2, $3, $4, clock_timestamp()) on conflict (origin, size) do nothing";

    public const string CheckpointsBefore =
        "select size, root, note, signed_at from register.ledger_checkpoint where origin = $1 and size < $2 order by size desc limit $3";

    public const string NewestOrigin = "select origin from register.ledger_checkpoint order by signed_at desc limit 1";

    public const string NewestOfType =
        """
        select l.body from register.mt_events e join register.ledger_entry l on l.position = e.seq_id
        where e.stream_id = $1 and e.type = $2 and e.seq_id <= $3 order by e.version desc limit 1
        """;
}
