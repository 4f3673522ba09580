using System.Globalization;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Users;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Access;

/// <summary>
/// Who was let in, who was refused what, and what left the register: kept in memory, counted together where it is alike, and written as events
/// a minute later at most, and when the host stops. Requests only add to it and never wait for it. What is kept is bounded; a host that is
/// killed loses what its last minute saw.
/// </summary>
/// <remarks>Openings of protected values are no part of it: they are on disk before the answer leaves (<see cref="Privacy.Openings"/>).</remarks>
public sealed partial class AccessTrace(RegisterStore store, TimeProvider time, IConfiguration configuration, ILogger<AccessTrace> log) : BackgroundService
{
    /// <summary>So many different things are kept; from half of it on the writer does not wait for the minute to end.</summary>
    internal const int Most = 4000;
    const int StreamsAtOnce = 200, RecordsAnEvent = 500;
    static readonly Marks ordinary = new(Marking.Restricted);
    static readonly TimeSpan graceAtStop = TimeSpan.FromSeconds(5);

    /// <summary>The marking above which each reading is recorded.</summary>
    public Marking ReadingAbove { get; } = ReadTrace.Above(configuration);

    readonly TimeSpan every = Every(configuration["Register:AccessTraceSeconds"]);
    readonly Lock gate = new(); // Owns `gathered`.
    readonly SemaphoreSlim writing = new(1); // Owns `unwritten`.
    readonly SemaphoreSlim full = new(0);
    Gathered gathered = new();
    IReadOnlyList<StreamAppend> unwritten = [];

    /// <summary>Somebody signed in.</summary>
    /// <param name="by">`link`, `token`, or the issuer of the identity provider.</param>
    public void SignedIn(string subject, string by) => Add(_ => false, g => g.SignedIn.Add(new(subject, by)));

    /// <summary>A request came without valid credentials.</summary>
    public void Stranger()
    {
        var now = Now();
        lock (gate) gathered.Strangers = gathered.Strangers.AndOne(now);
    }

    /// <summary>Somebody who signed in was refused a right.</summary>
    /// <param name="route">Method and route template.</param>
    public void Refused(string subject, string route)
    {
        var now = Now();
        Add(g => g.Refused.ContainsKey((subject, route)), g => g.Refused[(subject, route)] = g.Refused.GetValueOrDefault((subject, route)).AndOne(now));
    }

    /// <summary>Somebody took something out of the register, or read what is marked highly.</summary>
    /// <param name="what">Method and route template.</param>
    /// <param name="records">Stream ids of what was read; null where it was of the whole register.</param>
    /// <param name="marks">Of all that was read together: who may not see it all does not see the event.</param>
    public void Read(string subject, string what, IReadOnlyCollection<string>? records, Marks marks) =>
        Add(g => records is null && g.Read.ContainsKey((subject, what)), g =>
        {
            if (!g.Read.TryGetValue((subject, what), out var known)) known = (null, new(Marking.Restricted));
            var names = known.Records;
            if (records is not null) (names ??= new(StringComparer.Ordinal)).UnionWith(records);
            g.Read[(subject, what)] = (names, known.Marks.And(marks));
            g.Names += records?.Count ?? 0;
        });

    /// <summary>Writes what is kept now.</summary>
    public async Task Flush(CancellationToken stop)
    {
        await writing.WaitAsync(stop);
        try
        {
            await Write(stop); // What an attempt before left.
            Gathered taken;
            lock (gate) (taken, gathered) = (gathered, new());
            if (taken.Dropped > 0) Log.Dropped(log, taken.Dropped);
            unwritten = [.. Appends(taken)];
            await Write(stop);
        }
        finally
        {
            writing.Release();
        }
    }

    async Task Write(CancellationToken stop)
    {
        while (unwritten.Count > 0)
        {
            List<StreamAppend> some = [.. unwritten.Take(StreamsAtOnce)];
            try
            {
                await store.Append(new(some[0].Events[0].Context.CommandId, some), stop);
            }
            catch (VersionConflict)
            {
                // They were written at the attempt before, whose outcome was not known.
            }
            unwritten = [.. unwritten.Skip(StreamsAtOnce)];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await full.WaitAsync(every, stoppingToken);
            try
            {
                await Flush(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.Failed(log, failure);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }

    /// <summary>The server has answered its last request by now.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var grace = new CancellationTokenSource(graceAtStop);
        try
        {
            await Flush(grace.Token);
        }
        catch (Exception failure)
        {
            Log.Failed(log, failure);
        }
    }

    /// <param name="isKnown">Whether it is counted with what is there, and takes no more room.</param>
    void Add(Func<Gathered, bool> isKnown, Action<Gathered> add)
    {
        lock (gate)
        {
            if (gathered.Count >= Most && !isKnown(gathered))
            {
                gathered.Dropped++;
                return;
            }
            add(gathered);
            if (gathered.Count < Most / 2 || full.CurrentCount > 0) return;
        }
        full.Release();
    }

    static IEnumerable<StreamAppend> Appends(Gathered taken)
    {
        foreach (var e in taken.SignedIn) yield return Of(e.Subject, e, ordinary);
        foreach (var ((subject, route), c) in taken.Refused)
            yield return Of(subject, new AccessRefused(subject, route, c.Count, c.From, c.Until), ordinary);
        if (taken.Strangers is { Count: > 0 } s)
            yield return Of(Users.Host, new AccessSignInsRefused(s.Count, s.From, s.Until), ordinary);
        foreach (var ((subject, what), read) in taken.Read)
            foreach (var some in Parts(read.Records))
                yield return Of(subject, new AccessRead(subject, what, some), read.Marks);
    }

    // Where nothing was in it, that it was taken out is one event all the same.
    static IReadOnlyList<string[]?> Parts(HashSet<string>? records)
    {
        if (records is null) return new string[]?[] { null };
        return records.Count == 0 ? [[]] : [.. records.Order(StringComparer.Ordinal).Chunk(RecordsAnEvent)];
    }

    /// <summary>An event of access in the stream of its own that each has.</summary>
    internal static StreamAppend Of(string actor, object e, Marks marks) => new($"access-{Guid.CreateVersion7()}", "access", 0,
        [
            new(Guid.CreateVersion7(), e,
                new EventContext(actor, Guid.CreateVersion7(), Slug.Of(marks.Marking)) { Groups = marks.Groups ?? [] }),
        ]);

    DateTime Now() => time.GetUtcNow().UtcDateTime;

    static TimeSpan Every(string? seconds) => seconds is null ? TimeSpan.FromMinutes(1)
        : double.TryParse(seconds, CultureInfo.InvariantCulture, out var given) && given is > 0 and <= 60 ? TimeSpan.FromSeconds(given)
        : throw new StartRefused($"Register__AccessTraceSeconds: {seconds} is no number of seconds up to 60.");

    /// <summary>What a minute saw.</summary>
    sealed class Gathered
    {
        public List<AccessSignedIn> SignedIn { get; } = [];
        public Dictionary<(string Subject, string Route), Counted> Refused { get; } = [];
        public Dictionary<(string Subject, string What), (HashSet<string>? Records, Marks Marks)> Read { get; } = [];
        public Counted Strangers { get; set; }
        /// <summary>Names of records at most; of those that stand twice, more.</summary>
        public int Names { get; set; }
        public long Dropped { get; set; }
        public int Count => SignedIn.Count + Refused.Count + Read.Count + Names / 100;
    }

    /// <summary>How often, and when first and last.</summary>
    readonly record struct Counted(long Count, DateTime From, DateTime Until)
    {
        public Counted AndOne(DateTime now) => new(Count + 1, Count == 0 ? now : From, now);
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Who was let in and who was refused could not be written; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Count} sign-ins, refusals and readings of the last minute are not in the log: there were too many")]
        public static partial void Dropped(ILogger log, long count);
    }
}
