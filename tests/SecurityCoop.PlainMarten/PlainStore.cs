using System.Text.Json;
using JasperFx;
using Marten;
using Npgsql;

namespace SecurityCoop.PlainMarten;

/// <summary>The application without its host, for what is measured in the benchmarks' own process.</summary>
public sealed class PlainStore : IAsyncDisposable
{
    private const int StatementsOfMeeting = 4, MeetingsOfSession = 200;

    private static readonly TimeSpan longest = TimeSpan.FromHours(1);
    private static readonly string noted = new('x', 280), said = new('s', 200);

    private readonly NpgsqlDataSource database;
    private readonly DocumentStore store;

    private PlainStore(string connectionString, AutoCreate autoCreate = AutoCreate.None)
    {
        database = NpgsqlDataSource.Create(connectionString);
        store = DocumentStore.For(options => options.UsePlain(database, autoCreate));
    }

    /// <summary>Makes the tables.</summary>
    public static async Task Migrate(string connectionString)
    {
        await using var plain = new PlainStore(connectionString, AutoCreate.All);
        await plain.store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
    }

    public static PlainStore Open(string connectionString) => new(connectionString);

    /// <summary>A caller that appends one event at a time to a stream of its own, at the version that it expects.</summary>
    public Func<Task> Caller()
    {
        var (stream, version) = ($"bench-{Guid.CreateVersion7()}", 0L);
        return async () =>
        {
            await using var session = store.LightweightSession();
            session.ActsFor("person-1", Guid.CreateVersion7());
            var e = new Noted(noted, 1);
            if (version++ == 0) session.Events.StartStream<Note>(stream, e);
            else session.Events.Append(stream, version, e);
            await session.SaveChangesAsync();
        };
    }

    /// <summary>Stores a partner, and the status that a query for it answers.</summary>
    public async Task Store(string partner, JsonElement status)
    {
        await using var session = store.LightweightSession();
        session.Store(new Partner(partner, "A partner"));
        session.Store(new PartnershipStatus(partner, status));
        await session.SaveChangesAsync();
    }

    /// <summary>Writes so many events: meetings with four statements each, as the register's own log has them.</summary>
    public async Task Fill(long events, IReadOnlyList<string> partners)
    {
        var (next, meetings) = (0L, events / (StatementsOfMeeting + 1));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Add(ref next, MeetingsOfSession) - MeetingsOfSession is var first && first < meetings)
            {
                await using var session = store.LightweightSession();
                session.ActsFor("person-1", Guid.CreateVersion7());
                for (var i = first; i < Math.Min(first + MeetingsOfSession, meetings); i++)
                {
                    var held = new MeetingHeld([partners[(int)(i % partners.Count)]], "working-meeting", "2026-01-27", "Rabat");
                    var statements = Enumerable.Range(1, StatementsOfMeeting)
                        .Select(n => new StatementRecorded(n, "discussed", "joint", ["CT"], said));
                    session.Events.StartStream<Meeting>($"meeting-{Guid.CreateVersion7()}", [held, .. statements]);
                }
                await session.SaveChangesAsync();
            }
        })));
    }

    /// <summary>Makes all meetings anew from their events, as Marten does it.</summary>
    /// <returns>How many there are.</returns>
    public async Task<long> Rebuild()
    {
        using (var daemon = await store.BuildProjectionDaemonAsync())
            await daemon.RebuildProjectionAsync<Meeting>(longest, CancellationToken.None);
        await using var session = store.QuerySession();
        return await session.Query<Meeting>().CountAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }
}
