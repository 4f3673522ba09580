using System.Globalization;
using JasperFx;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Weasel.Core.Migrations;
using Wolverine.Runtime;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>The schema: numbered migrations that begin with what Marten itself exports, and the rights of the application's role.</summary>
public static class RegisterMigrations
{
    // On Marten's tables no more than Marten needs: it never changes an event, and of a stream only version and time.
    private static readonly string[] rights =
    [
        "usage on schema register",
        "select on all tables in schema register",
        "insert on register.mt_streams, register.mt_events, register.ledger_entry, register.ledger_tile, register.ledger_checkpoint, "
            + "register.protected_value, register.stream_reference, register.reference_counter, register.idempotency, register.event_partner",
        "update (version, timestamp) on register.mt_streams",
        "update (size, root, frontier, recorded_at, records) on register.log_head",
        "update (last) on register.reference_counter",
        "usage, select, update on sequence register.mt_events_sequence",
        "insert, update (position, fence, holder, lease_ends, moved_at) on register.subscription",
        "insert, update (revoked_at) on register.access_token, register.calendar_feed",
        "update (last_used_at, given_roles, given_clearance, given_groups) on register.access_token",
        "insert on register.ledger_cosignature, register.ledger_timestamp, register.witness_state",
        "update (size, root, note, cosigned_at) on register.witness_state",
        "insert, delete, update (marking, groups) on register.search_words",
        "update (definition) on register.search_index",
        "delete on register.mt_event_progression", // Where the index of words begins again.
        "usage on schema report",
        "select, insert, update, delete on report.snapshot, report.line",
    ];

    // Who reports sees the views and nothing else; somebody else may have made the role.
    private const string ReportingRights =
        """
        do $grant$
        begin
            if exists (select from pg_roles where rolname = 'securitycoop_report') then
                grant usage on schema report to securitycoop_report;
                grant select on report.partnership_status, report.meetings, report.statements, report.actions, report.instruments,
                    report.follow_ups to securitycoop_report;
            end if;
        end
        $grant$
        """;

    /// <summary>Applies what is missing and gives the application's role its rights. Nothing is changed where it refuses.</summary>
    /// <exception cref="StartRefused">The server is too old, the schema newer than this program, a released migration was edited, or the
    /// server refuses.</exception>
    public static Task Migrate(string ownerConnectionString, string applicationRole, CancellationToken stop = default) =>
        migrator.Migrate(ownerConnectionString, owner => Grant(owner, applicationRole, stop), stop);

    /// <summary>Whether the schema is exactly this program's. Reads only.</summary>
    /// <exception cref="StartRefused">It is not there, older, newer or another; or the server cannot be reached.</exception>
    public static Task MustBeCurrent(string connectionString, CancellationToken stop = default) =>
        migrator.MustBeCurrent(connectionString, stop);

    private const string Folder = "migrations/";

    /// <summary>This program's migrations, by number.</summary>
    internal static IReadOnlyList<Migration> Migrations { get; } = Migration.Embedded(typeof(RegisterMigrations).Assembly, Folder);

    private static readonly Migrator migrator = new("register", Migrations, RefuseOldVersion);

    // Until November 2026 the register kept rows of views where it has Marten's documents now.
    private static async Task RefuseOldVersion(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var old = new NpgsqlCommand("select to_regclass('register.view_row') is not null", connection);
        if (await old.ExecuteScalarAsync(stop) is true)
            throw new StartRefused("The database holds a register of the version of November 2026, which kept its events otherwise. "
                + "Export it with that program (of 25 November 2026, commit 4fd9d4a: `securitycoop export FILE --with-keys`), then run "
                + "`securitycoop import FILE` with this one upon an empty database and a data folder of its own. Nothing was changed.");
    }

    /// <summary>
    /// Writes what Marten and Wolverine need for this model and the database does not have yet, a file each: into an empty database all of
    /// it, which is the baseline; later the difference that a new version of theirs, or of the model, makes.
    /// </summary>
    public static async Task WriteDifference(
        string ownerConnectionString, RegisterModel model, string martenFile, string wolverineFile, CancellationToken stop = default)
    {
        await using var services = RegisterServices.Build(ownerConnectionString, model, AutoCreate.CreateOrUpdate);
        var (marten, wolverine) = Databases(services);
        await marten.WriteMigrationFileAsync(martenFile, stop);
        await wolverine.WriteMigrationFileAsync(wolverineFile, stop);
        // Beside each they write the way back, which there is not: migrations go forward only.
        foreach (var file in new[] { martenFile, wolverineFile }) File.Delete(Path.ChangeExtension(file, ".drop.sql"));
    }

    /// <summary>Whether the database is what Marten and Wolverine need for this model.</summary>
    /// <exception cref="Exception">Their own, with the statements that are missing.</exception>
    public static async Task MustMatch(string ownerConnectionString, RegisterModel model, CancellationToken stop = default)
    {
        await using var services = RegisterServices.Build(ownerConnectionString, model, AutoCreate.CreateOrUpdate);
        var (marten, wolverine) = Databases(services);
        await marten.AssertDatabaseMatchesConfigurationAsync(stop);
        await wolverine.AssertDatabaseMatchesConfigurationAsync(stop);
    }

    private static (IDatabase Marten, IDatabase Wolverine) Databases(IServiceProvider services) =>
        (((DocumentStore)services.GetRequiredService<IDocumentStore>()).Storage.Database,
            (IDatabase)services.GetRequiredService<IWolverineRuntime>().Storage);

    private static readonly string[] messagingRights =
    [
        $"usage on schema {RegisterServices.MessagingSchema}",
        $"select, insert, update, delete on all tables in schema {RegisterServices.MessagingSchema}",
        $"usage on all sequences in schema {RegisterServices.MessagingSchema}",
        $"execute on all functions in schema {RegisterServices.MessagingSchema}",
    ];

    private static async Task<bool> HasMessaging(NpgsqlConnection owner, CancellationToken stop)
    {
        await using var has = new NpgsqlCommand($"select to_regnamespace('{RegisterServices.MessagingSchema}') is not null", owner);
        return (bool)(await has.ExecuteScalarAsync(stop))!;
    }

    /// <summary>Lets the application's role do what it needs, and no more.</summary>
    internal static async Task Grant(NpgsqlConnection owner, string applicationRole, CancellationToken stop = default)
    {
        var role = '"' + applicationRole.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        var written = new List<string>(); // Documents, and how far Marten's daemon has come.
        await using (var tables = new NpgsqlCommand(
            """
            select format('register.%I', tablename) from pg_tables where schemaname = 'register'
            and (tablename like 'mt\_doc\_%' or tablename in ('mt_event_progression', 'mt_event_projection_floors', 'mt_high_water_skips'))
            order by tablename
            """, owner))
        await using (var reader = await tables.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop)) written.Add(reader.GetString(0));
        string[] messaging = await HasMessaging(owner, stop) ? messagingRights : [];
        string[] all = [.. rights, $"insert, update on {string.Join(", ", written)}", .. messaging];
        var statements = all.Select(right => $"grant {right} to {role}");
        await using var grant = new NpgsqlCommand(string.Join("; ", statements.Append(ReportingRights)), owner);
        await grant.ExecuteNonQueryAsync(stop);
    }
}
