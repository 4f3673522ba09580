namespace SecurityCoop.Store;

internal static partial class Sql
{
    // ---- what others say of our checkpoints, and we of theirs ----

    /// <summary>$1 origin, $2 size, $3 witness, $4 line, $5 time. Asked for twice by two hosts, the first one's stays.</summary>
    public const string AddCosignature =
        "insert into register.ledger_cosignature (origin, size, witness, line, cosigned_at) values ($1, $2, $3, $4, $5) on conflict (origin, size, witness) do nothing";

    public const string CosignaturesOf = "select line from register.ledger_cosignature where origin = $1 and size = $2 order by witness";

    public const string NewestCosigned = "select max(size) from register.ledger_cosignature where origin = $1 and ($2 = '' or witness = $2)";

    public const string AddTimeStamp =
        "insert into register.ledger_timestamp (origin, size, token, stamped_at) values ($1, $2, $3, $4) on conflict (origin, size) do nothing";

    public const string TimeStampsBefore =
        "select size, token, stamped_at from register.ledger_timestamp where origin = $1 and size < $2 order by size desc limit $3";

    public const string ReadWitnessed = "select size, root from register.witness_state where origin = $1";

    /// <summary>$1…$4 origin, size, root, note; $5, $6 the size and root that were cosigned last (−1 where none was: no row has that). No row: another request was faster.</summary>
    public const string SaveWitnessed =
        """
        insert into register.witness_state as w (origin, size, root, note, cosigned_at) values ($1, $2, $3, $4, clock_timestamp())
        on conflict (origin) do update set size = excluded.size, root = excluded.root, note = excluded.note, cosigned_at = excluded.cosigned_at
        where w.size = $5 and w.root = $6 returning size
        """;
}
