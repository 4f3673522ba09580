using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace SecurityCoop.OwnEngine.Tests;

/// <summary>What must hold for any log after any history, read with plain statements: nothing here uses the writer's code but the canonical form.</summary>
public static class LogCheck
{
    public static async Task MustHold(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.Cluster.ConnectionString(database.Name, "postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            select e.seq_id, e.stream_id, e.version, e.type, e.timestamp, e.data::text, e.headers::text, l.header, l.body, l.leaf, e.id, e.user_name
            from register.mt_events e full join register.ledger_entry l on l.position = e.seq_id order by coalesce(e.seq_id, l.position)
            """, connection);
        var leaves = new List<byte[]>();
        var (versions, ids, last) = (new Dictionary<string, long>(), new HashSet<Guid>(), DateTime.MinValue);
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
            {
                var (stream, version) = (reader.GetString(1), reader.GetInt64(2));
                reader.GetInt64(0).ShouldBe(leaves.Count + 1, "positions are dense from 1");
                version.ShouldBe(versions.GetValueOrDefault(stream) + 1, "versions are contiguous from 1");
                versions[stream] = version;
                ids.Add(reader.GetGuid(10)).ShouldBeTrue("an event is stored once");
                reader.GetDateTime(4).ShouldBeGreaterThanOrEqualTo(last);
                last = reader.GetDateTime(4);
                var (header, body, leaf) = (reader.GetFieldValue<byte[]>(7), reader.GetFieldValue<byte[]>(8), reader.GetFieldValue<byte[]>(9));
                SHA256.HashData([0, .. header]).ShouldBe(leaf);
                var h = JsonDocument.Parse(header).RootElement;
                var form = h.GetProperty("v").GetInt32();
                (form == 3 ? reader.GetString(5) : Again(reader.GetString(5))).ShouldBe(Encoding.UTF8.GetString(body), "data is the body's copy");
                var headers = reader.IsDBNull(6) ? null : reader.GetString(6);
                if (form == 1) Again(headers!).ShouldBe(Encoding.UTF8.GetString(header), "headers is the header's copy");
                else Text(h, "metadata").ShouldBe(headers is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(headers))));
                h.GetProperty("body").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(body)));
                h.GetProperty("stream").GetString().ShouldBe(stream);
                h.GetProperty("version").GetInt64().ShouldBe(version);
                h.GetProperty("type").GetString().ShouldBe(reader.GetString(3));
                Text(h, "actor").ShouldBe(reader.IsDBNull(11) ? null : reader.GetString(11));
                h.GetProperty("event_id").GetGuid().ShouldBe(reader.GetGuid(10));
                h.GetProperty("recorded_at").GetString().ShouldBe(last.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture));
                leaves.Add(leaf);
            }
        (await database.Scalar<long>("select size from register.log_head")).ShouldBe(leaves.Count);
        (await database.Scalar<byte[]>("select root from register.log_head")).ShouldBe(NaiveTree.Root(leaves));
        await TilesMustHold(connection, leaves);
        (await database.Scalar<long>("select count(*) from register.mt_streams s where version <> (select count(*) from register.mt_events e where e.stream_id = s.id)")).ShouldBe(0);
        await ViewsMustBeFolds(database);
    }

    // A tile for every 256 hashes, each above the leaves the root of a tile below.
    private static async Task TilesMustHold(NpgsqlConnection connection, IReadOnlyList<byte[]> leaves)
    {
        var expected = new List<(int, long, string, string)>();
        for (var (level, hashes) = (0, leaves); hashes.Count >= 256; level++)
        {
            byte[][][] full = [.. hashes.Chunk(256).Where(c => c.Length == 256)];
            expected.AddRange(full.Select((t, i) => (level, (long)i, Convert.ToHexStringLower([.. t.SelectMany(h => h)]), Convert.ToHexStringLower(NaiveTree.Root(t)))));
            hashes = [.. full.Select(NaiveTree.Root)];
        }
        await using var command = new NpgsqlCommand("select level::integer, index, encode(hashes, 'hex'), encode(root, 'hex') from register.ledger_tile order by level, index", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var stored = new List<(int, long, string, string)>();
        while (await reader.ReadAsync()) stored.Add((reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3)));
        stored.ShouldBe(expected);
    }

    private static string? Text(JsonElement header, string member) => header.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static string Again(string json) => Encoding.UTF8.GetString(Canonical.Bytes(Encoding.UTF8.GetBytes(json)));

    // The views again, by folding everything that is stored from the beginning.
    private static async Task ViewsMustBeFolds(TestDatabase database)
    {
        await using var store = await EventStore.Open(database.AppConnection, Sample.Types, Sample.NewViews(), database.KeyFolder, new() { KeyDatabase = database.KeyDatabase });
        var events = await store.ReadAll(new()).ToList();
        foreach (var view in Sample.NewViews())
        {
            var rows = new SortedDictionary<string, object>(StringComparer.Ordinal);
            foreach (var e in events.Where(e => e.Event is not ForeignEvent))
                foreach (var key in view.KeysOf(e)) rows[key] = view.Evolve(rows.GetValueOrDefault(key), e);
            var folded = string.Join('\n', rows.Select(r => $"{r.Key} {Encoding.UTF8.GetString(view.Write(r.Value))}"));
            var stored = await database.Scalar<object>(
                $"select string_agg(key || ' ' || convert_from(document, 'UTF8'), e'\\n' order by key) from register.view_row join register.view using (generation) where name = '{view.Name}'");
            (stored as string ?? "").ShouldBe(folded);
        }
    }
}
