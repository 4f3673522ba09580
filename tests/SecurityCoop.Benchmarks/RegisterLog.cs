using System.Diagnostics;
using System.Globalization;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Benchmarks;

/// <summary>A log of the register's own events: meetings of five events each, spread evenly over all countries but one, which has ten meetings however long the log is.</summary>
internal sealed record RegisterLog(string Owner, string Application, string Data, long Events, double EmptyMegabytes, double Megabytes)
{
    /// <summary>The partner with ten meetings, and one with as many as any other.</summary>
    public const string Small = "DK", Even = "FR";

    private const int EventsOfMeeting = 5;

    /// <summary>All partners but the small one.</summary>
    public static readonly string[] Partners =
        [.. Countries.All.Keys.Where(c => c is not (Small or HomeCountry.Code)).Order(StringComparer.Ordinal)];
    private static readonly string Said = new('s', 200);

    /// <summary>Lets a host process of its own write the log, through its own store, and notes the memory that this takes it.</summary>
    public static async Task<RegisterLog> Make(Cluster cluster, long events)
    {
        var (owner, application) = await cluster.NewDatabase();
        var data = Path.Combine(cluster.Folder, Guid.NewGuid().ToString("N")[..8]);
        await using var host = await HostProcess.Start(application, data, events);
        return new(owner, application, data, events, host.EmptyMegabytes, host.Megabytes);
    }

    public static async Task Fill(RegisterStore store, long events)
    {
        foreach (var partner in Partners.Append(Small))
        {
            var facts = Partnership.Initial.Open(new PartnershipDetails { Partner = partner });
            await store.Append(Request(Partnership.StreamOf(partner), "partnership", facts, reference: partner));
        }
        for (var i = 0; i < 10; i++) await store.Append(Meeting(Small));
        var (next, clock) = ((await store.Head()).Size, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var position = Interlocked.Add(ref next, EventsOfMeeting);
                if (position > events) return;
                await store.Append(Meeting(Partners[position / EventsOfMeeting % Partners.Length]));
                if (position % 100_000 < EventsOfMeeting) await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {position} events after {clock.Elapsed.TotalSeconds:0} s"));
            }
        })));
    }

    /// <summary>A meeting with statements, in a stream of its own.</summary>
    public static AppendRequest Meeting(string partner, int statements = EventsOfMeeting - 1)
    {
        var held = new MeetingHeld(new MeetingDetails { Partners = [partner], Kind = "working-meeting", Date = Edtf.Parse("2026-01-27"), Place = "Rabat" });
        var said = Enumerable.Range(1, statements).Select(i => new MeetingStatementRecorded(new Statement { Number = i, Force = Force.Discussed, Speaker = Statements.Joint, Topics = ["CT"], Text = Said }));
        return Request($"meeting-{Guid.CreateVersion7()}", "meeting", [new(held), .. said.Select(s => new Fact(s))], $"{partner}-MTG");
    }

    /// <summary>What a decision found, as it is appended to a stream at a version.</summary>
    public static AppendRequest Request(
        string stream, string kind, IReadOnlyList<Fact> facts, string? prefix = null, string? reference = null, long version = 0)
    {
        var command = Guid.CreateVersion7();
        var events = facts.Select(f => new NewEvent(
            Guid.CreateVersion7(), f.Event, new("person-1", command, "restricted") { Effective = f.Effective?.ToString() ?? "2026-01-27" }));
        return new(command, [new(stream, kind, version, [.. events], prefix, reference)]);
    }
}
