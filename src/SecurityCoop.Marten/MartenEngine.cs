using System.Runtime.ExceptionServices;
using System.Text.Json;
using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Npgsql;
using SecurityCoop.EventStore;

namespace SecurityCoop.Marten;

/// <summary>
/// The event log on Marten. The register decides, opens the transaction, takes the head and gives the time; Marten appends within it, and the register reads
/// back where its events came to stand, writes their ledger entries and views, and commits.
/// </summary>
public static class MartenEngine
{
    /// <summary>An engine for a store on this database, which disposes it.</summary>
    public static Engine Open(string connectionString, EventTypes types)
    {
        var json = new StoredJson(types);
        var documents = DocumentStore.For(o =>
        {
            o.Connection(connectionString); // Sessions work on the register's own connection; Marten opens this one only after an append that failed, for its mt_tombstone.
            o.DisableNpgsqlLogging = true;
            o.Configure(types, json);
        });
        return new("marten", (transaction, streams) => Append(documents, json, transaction, streams), documents);
    }

    /// <summary>How any Marten application opens the register.</summary>
    private static void Configure(this StoreOptions o, EventTypes types, StoredJson json)
    {
        o.AutoCreateSchemaObjects = AutoCreate.None;
        o.DatabaseSchemaName = "register";
        o.Events.DatabaseSchemaName = "register";
        o.Events.StreamIdentity = StreamIdentity.AsString;
        o.Events.MetadataConfig.EnableAll();
        o.Events.MetadataConfig.UserNameEnabled = true;
        o.UseSystemTextJsonForSerialization(configure: options => options.Converters.Add(json));
        foreach (var type in types.All) o.Events.MapEventType(type.Type, type.Name);
    }

    private static async Task Append(DocumentStore documents, StoredJson json, NpgsqlTransaction transaction, IReadOnlyList<StreamWrite> streams)
    {
        await using var session = documents.LightweightSession(SessionOptions.ForTransaction(transaction));
        foreach (var stream in streams)
        {
            foreach (var e in stream.Events) json.Add(e);
            object[] records = [.. stream.Events.Select(e => e.Event)];
            var action = stream.ExpectedVersion == 0
                ? session.Events.StartStream(stream.Stream, records)
                : session.Events.Append(stream.Stream, stream.ExpectedVersion + records.Length, records);
            foreach (var (mine, theirs) in stream.Events.Zip(action.Events))
            {
                theirs.Id = mine.Id;
                theirs.CorrelationId = mine.Header.Correlation;
                theirs.CausationId = mine.Header.Causation;
                theirs.UserName = mine.Header.Actor;
                theirs.Headers = JsonSerializer.Deserialize<Dictionary<string, object>>(mine.HeaderBytes.Span);
            }
        }
        try
        {
            await session.SaveChangesAsync();
        }
        catch (Exception e) when (e.InnerException is NpgsqlException refused)
        {
            ExceptionDispatchInfo.Throw(refused); // The store knows what the database's own words mean.
        }
    }
}
