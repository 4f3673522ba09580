using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Exchange;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Exchange;

/// <summary>
/// The five communiqués, a person, one who was erased, one who was merged with another, an organisation too, what another program appended in each of its forms;
/// nothing is recorded in it by the tests.
/// </summary>
public sealed class ExportedHost(TestPostgres postgres) : HostFixture(postgres)
{
    readonly string folder = Directory.CreateTempSubdirectory("export-").FullName;

    public const string Name = "Qvarn Zixthelm", Gone = "Wrekn Plovizt";

    public string Person { get; private set; } = "";
    public string Erased { get; private set; } = "";

    /// <summary>The whole register, with the file of keys beside it, and the history alone.</summary>
    public string WithKeys => Path.Combine(folder, "with-keys");
    public string History => Path.Combine(folder, "history");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await LoadSeeds();
        Person = await Describe(Name);
        var merged = await Describe("Qvarn Z.");
        await Http.Record($"/api/people/{merged}/merges", $$"""{"into": "{{Person}}", "reason": "one person"}""");
        var services = new List<string>();
        foreach (var name in (string[])["Vlox", "Vlox II"]) services.Add((await Http.Record("/api/organisations", $$$"""{"names": {"fr": "{{{name}}}"}}""")).Reference!);
        await Http.Record($"/api/organisations/{services[0]}/merges", $$"""{"into": "{{services[1]}}", "reason": "one service"}""");
        Erased = await Describe(Gone);
        await Http.Record("/api/partnerships/DK/notes", $$"""{"note": "\"ça\" <b>\\ شكرا 𝄞", "protectFor": "{{Person}}"}""");
        await Http.Record("/api/partnerships/DK/notes", """{"note": "\"ça\" <b>\\ & شكرا 𝄞 \u2028 \u0001"}""");
        await Http.Record($"/api/people/{Erased}/erasure", """{"legalBasis": "law 09-08, article 8", "reason": "asked for"}""");
        using (var auditor = await As(Marking.Secret, Role.Auditor)) await auditor.Record($"/api/people/{Erased}/erasure/approval", """{"reason": "checked"}""");
        for (var waited = 0; (await Store.NewestCheckpoint())?.Checkpoint.Size != await Head(); waited++)
        {
            waited.ShouldBeLessThan(600, "a checkpoint covers what was recorded");
            await Task.Delay(50);
        }
        (await ExchangeConsole.Write(Store, WithKeys, true, default)).ShouldBe(0);
        (await ExchangeConsole.Write(Store, History, false, default)).ShouldBe(0);
    }

    async Task<string> Describe(string name) => (await Http.Record("/api/people", $$"""{"name": "{{name}}", "script": "Latn"}""")).Reference!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A host upon what was imported.</summary>
public sealed class ImportedHost(TestPostgres postgres, string file) : HostFixture(postgres)
{
    protected override async Task Prepare() => (await ExchangeConsole.Read(OwnerConnection, ApplicationConnection, Data, file, 7, default)).ShouldBe(0);
}

/// <summary>What a register holds, table by table.</summary>
static class Tables
{
    // Who may sign in or read a calendar, who follows the log and how far it came are of one installation; the words of the search are an
    // index that each register fills behind its log.
    static readonly string[] left =
    [
        "access_token", "calendar_feed", "subscription", "schema_migration", "search_words", "search_index",
        "mt_event_progression", "mt_event_projection_floors", "mt_high_water_skips", "mt_doc_deadletterevent", "mt_doc_envelope",
    ];

    /// <summary>Every row of every table as text; of checkpoints and answers, which an export need not hold, only on request.</summary>
    public static async Task<SortedDictionary<string, string>> Read(string owner, bool keysToo)
    {
        await using var source = NpgsqlDataSource.Create(owner);
        async Task<string> Text(string sql)
        {
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync() as string ?? "";
        }
        var held = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in (await Text("select string_agg(table_name, ' ') from information_schema.tables where table_schema = 'register' and table_type = 'BASE TABLE'")).Split(' ').Except(left))
            held[table] = await Text(table switch
            {
                "log_head" => "select format('%s %s %s %s %s %s', log, size, root, frontier, recorded_at, records) from register.log_head",
                "ledger_checkpoint" => "select ''",
                "idempotency" => keysToo ? "select string_agg(x::text, E'\\n' order by x::text) from register.idempotency x" : "select ''",
                // When a row was last written is Marten's own.
                "mt_streams" => "select string_agg(format('%s %s', id, version), E'\\n' order by id) from register.mt_streams",
                _ when table.StartsWith("mt_doc_", StringComparison.Ordinal) =>
                    $"select string_agg(format('%s %s %s %s', id, mt_version, partners, data), E'\\n' order by id) from register.{table}",
                _ => $"select string_agg(x::text, E'\\n' order by x::text) from register.{table} x",
            });
        held["sequence"] = await Text("select last_value::text from register.mt_events_sequence");
        return held;
    }

    public static void ShouldBeThose(this SortedDictionary<string, string> found, SortedDictionary<string, string> expected)
    {
        found.Keys.ShouldBe(expected.Keys);
        foreach (var (table, rows) in expected) found[table].ShouldBe(rows, table);
    }
}
