using Npgsql;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>
/// Wrapped keys as rows of a database of their own, where several hosts share a register. Made at first use; one such database can serve several registers. Its backups hold keys: they are
/// kept as short as those of a key folder (docs/operations.md), and the database must not be the register's.
/// </summary>
internal sealed class SubjectTable : ISubjectKeys, IDisposable
{
    // The same number in every version: old and new hosts may start together.
    private const long MakeLock = 7_310_579_614_263_553_107;

    // Of hosts that start together one makes them; "if not exists" alone would let the others fail.
    private static readonly string Make =
        $"""
        select pg_advisory_xact_lock({MakeLock});
        create schema if not exists securitycoop_keys;
        create table if not exists securitycoop_keys.subject_key (log uuid not null, subject text collate "C" not null, wrapped bytea not null, primary key (log, subject));
        create table if not exists securitycoop_keys.erased (log uuid not null, subject text collate "C" not null, primary key (log, subject));
        """;

    private const string Missing = "select to_regclass('securitycoop_keys.subject_key') is null or to_regclass('securitycoop_keys.erased') is null";

    private const string FindKey =
        """
        select wrapped from securitycoop_keys.subject_key where log = $1 and subject = $2
        and not exists (select from securitycoop_keys.erased where log = $1 and subject = $2)
        """;

    private const string AddKey =
        """
        insert into securitycoop_keys.subject_key (log, subject, wrapped) select $1, $2, $3
        where not exists (select from securitycoop_keys.erased where log = $1 and subject = $2) on conflict do nothing
        """;

    private const string Mark = "insert into securitycoop_keys.erased (log, subject) values ($1, $2) on conflict do nothing";
    private const string Delete = "delete from securitycoop_keys.subject_key where log = $1 and subject = $2";
    private const string Marked = "select exists (select from securitycoop_keys.erased where log = $1 and subject = $2)";
    private const string Marks = "select subject from securitycoop_keys.erased where log = $1 order by subject";

    private const string Keys =
        """
        select subject, wrapped from securitycoop_keys.subject_key k where log = $1
        and not exists (select from securitycoop_keys.erased e where e.log = k.log and e.subject = k.subject) order by subject
        """;

    private readonly NpgsqlDataSource database;
    private readonly Guid log;

    private SubjectTable(NpgsqlDataSource database, Guid log) => (this.database, this.log) = (database, log);

    /// <param name="mayMake">Whether the tables are made where they are missing.</param>
    /// <exception cref="StartRefused">It is the register's own database, cannot be reached, or has no such tables.</exception>
    public static SubjectTable Open(string connectionString, Guid log, bool mayMake)
    {
        NpgsqlDataSource database;
        connectionString = PrimaryServer.Settled(connectionString, "Register__KeyDatabase");
        try
        {
            database = ConnectionPool.Of(new(connectionString) { ApplicationName = "SecurityCoop keys", MaxPoolSize = 4, Enlist = false, Options = "-c synchronous_commit=on" });
        }
        catch (ArgumentException e)
        {
            throw new StartRefused($"Register__KeyDatabase cannot be read: {e.Message}", e);
        }
        try
        {
            if (database.Scalar<bool>("select to_regclass('register.log_head') is not null"))
                throw new StartRefused("Register__KeyDatabase is a register's own database: a key that stands beside its values is in every dump of them, and destroying it destroys nothing. Give another database.");
            if (database.Scalar<bool>(Missing))
            {
                if (!mayMake) throw new StartRefused("Register__KeyDatabase holds no keys yet: a host makes its tables at its start.");
                database.Scalar<object>(Make);
            }
            return new(database, log);
        }
        catch (NpgsqlException e)
        {
            database.Dispose();
            throw new StartRefused($"Register__KeyDatabase cannot be used: {e.Message}", e);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>When its server was started, to the microsecond: two databases of one server say the same.</summary>
    public DateTime ServerStarted => database.Scalar<DateTime>("select pg_postmaster_start_time()");

    public byte[]? Find(string subject) => database.Scalar<byte[]>(FindKey, Database.Of(log), Database.Of(KeyFolder.Checked(subject)));

    public void Add(string subject, byte[] wrapped) => database.Scalar<object>(AddKey, Database.Of(log), Database.Of(KeyFolder.Checked(subject)), Database.Of(wrapped));

    public bool IsErased(string subject) => database.Scalar<bool>(Marked, Database.Of(log), Database.Of(subject));

    public bool Destroy(string subject)
    {
        // The mark is committed before the key goes, and a key that was added meanwhile counts for nothing beside it.
        database.Scalar<object>(Mark, Database.Of(log), Database.Of(KeyFolder.Checked(subject)));
        using var delete = database.CreateCommand(Delete).With(Database.Of(log), Database.Of(subject));
        return delete.ExecuteNonQuery() > 0;
    }

    public IEnumerable<string> Erased()
    {
        using var command = database.CreateCommand(Marks).With(Database.Of(log));
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return reader.GetString(0);
    }

    public IEnumerable<(string Subject, byte[] Wrapped)> All()
    {
        using var command = database.CreateCommand(Keys).With(Database.Of(log));
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return (reader.GetString(0), reader.GetFieldValue<byte[]>(1));
    }

    public void Dispose() => database.Dispose();
}
