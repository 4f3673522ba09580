using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Status;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web;

/// <summary>At what a query looks: a day of the world, a prefix of the log and, for a status, whose records count.</summary>
/// <param name="DayGiven">Whether the query named the day. A list then leaves out what had certainly not begun by it.</param>
/// <param name="Position">Everything up to this position is known; null: everything.</param>
/// <param name="KnownAt">As asked, for the answer.</param>
/// <param name="Provisional">The instant lies after the newest event: what is recorded before it may still come.</param>
public sealed record Asking(DateOnly AsOf, bool DayGiven, long? Position, string? KnownAt, bool Provisional, bool ServiceOnly = false)
{
    public StatusQuestion Question => new(AsOf, ServiceOnly);

    /// <summary>The day as answers write it.</summary>
    public string AsOfText => AsOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Whether either clock says something else than now. Nothing is recorded then.</summary>
    public bool IsOfThePast(RegisterClock clock) => KnownAt is not null || AsOf != clock.Today;

    /// <summary>What was known, for the answer: as asked, otherwise the position that the answer speaks of.</summary>
    public string KnownAtText(long position) => KnownAt ?? FormattableString.Invariant($"@{position}");
}

/// <summary>
/// The two clocks of every query (model.md, "Two clocks"). The past is read backwards from now: a row whose last event is not younger than the position
/// asked for stands as it does, one that began later is left out, and only what changed since is folded again from its stream (ADR 10, ADR 25).
/// </summary>
public sealed class TwoClocks(RegisterStore store, RegisterClock clock)
{
    // So many rows are looked at together; a page of a list seldom needs more. So many streams are folded again in one statement.
    const int RowsTogether = 100, StreamsTogether = 1000;

    /// <exception cref="Refusal">invalid-day at ?asOf, invalid-known-at or unknown-position at ?knownAt, only-for at ?home.</exception>
    public async Task<Asking> Ask(string? asOf, string? knownAt, CancellationToken stop, string? home = null)
    {
        var serviceOnly = home switch
        {
            null or "any" => false,
            "service" => true,
            _ => throw Refusal.OfField("?home", "only-for", "any", "service"),
        };
        var day = clock.Day(asOf);
        if (knownAt is null) return new(day, asOf is not null, null, null, false, serviceOnly);
        var (position, provisional) = await Resolve("?knownAt", knownAt, DayEdge.End, stop);
        return new(day, asOf is not null, position, knownAt, provisional, serviceOnly);
    }

    /// <summary>The position that an instant, a day of the register's zone, or a position written as "@1234" stands for.</summary>
    /// <param name="edge">Whether a day means everything that was recorded before it, or by its end.</param>
    /// <exception cref="Refusal">invalid-known-at, unknown-position; each at the parameter.</exception>
    public async Task<Resolved> Resolve(string parameter, string knownAt, DayEdge edge, CancellationToken stop)
    {
        if (knownAt.StartsWith('@'))
        {
            var head = await Head(stop);
            if (!long.TryParse(knownAt.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var position)) throw Refusal.OfField(parameter, "invalid-known-at", knownAt);
            return position > head ? throw Refusal.OfField(parameter, "unknown-position", knownAt, $"@{head}") : new(position, false);
        }
        var instant = clock.Instant(knownAt, edge) ?? throw Refusal.OfField(parameter, "invalid-known-at", knownAt);
        // What is recorded at an instant is known at it. What is recorded as a day begins belongs to that day, not to what came before.
        var isDay = RegisterClock.IsDay(knownAt, out _);
        return await store.PositionAt(isDay && instant > DateTime.MinValue ? instant.AddTicks(-1) : instant, stop);
    }

    /// <summary>The position up to which a query's answer speaks: the one asked for, otherwise the newest.</summary>
    public async Task<long> Through(Asking asked, CancellationToken stop) => asked.Position ?? await Head(stop);

    /// <summary>A row as it was known at a position. Value is null where there was none.</summary>
    public async Task<Row> Row(RecordKind kind, string key, long position, CancellationToken stop) => (await Then([await store.Row(kind, key, stop)], position, stop))[0];

    /// <summary>Rows as they were known at a position, in the order of their keys as given.</summary>
    public async Task<IReadOnlyList<Row>> RowsOf(RecordKind kind, IReadOnlyList<string> keys, long position, CancellationToken stop) => await Then(await store.RowsOf(kind, keys, stop), position, stop);

    /// <summary>The records of a kind that were known at a position, as they were then, in the order of their keys.</summary>
    /// <param name="about">Only records that concern this partner, or ever did; null: all.</param>
    public async IAsyncEnumerable<Row> Rows(
        RecordKind kind, string? afterKey, string? about, long position, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var some in store.Rows(kind, afterKey, about, stop).Chunk(RowsTogether).WithCancellation(stop))
            foreach (var row in await Then(some, position, stop))
                if (row.Value is not null) yield return row;
    }

    /// <summary>Streams folded up to a position: their rows by stream id. A stream that began later has none.</summary>
    public async Task<IReadOnlyDictionary<string, Row>> Folded(IReadOnlyCollection<string> streams, long position, CancellationToken stop)
    {
        var past = new Dictionary<string, Row>(StringComparer.Ordinal);
        foreach (var some in streams.Chunk(StreamsTogether))
            await foreach (var e in store.ReadStreams(some, position, stop))
                past[e.Stream] = new(((IServedKind)RecordKinds.OfStream(e.Stream)!).Evolve(past.GetValueOrDefault(e.Stream)?.Value, e), e.Stream, e.Version, e.Position);
        return past;
    }

    async Task<IReadOnlyList<Row>> Then(IReadOnlyList<Row> rows, long position, CancellationToken stop)
    {
        var past = await Folded([.. rows.Where(r => r.Position > position && ((RecordState)r.Value!).FirstPosition <= position).Select(r => r.Key)], position, stop);
        return [.. rows.Select(now => now.Position <= position ? now
            : past.GetValueOrDefault(now.Key) is { } then ? then with { Value = ((RecordState)then.Value!).MarkedAs((RecordState)now.Value!) }
            : new Row(null, now.Key, 0, 0))];
    }

    async Task<long> Head(CancellationToken stop) => (await store.Head(stop)).Size;
}

static class TwoClocksAnswers
{
    /// <summary>A record as it was, under the marking that it has now: what was raised since is not told of its past either.</summary>
    public static RecordState MarkedAs(this RecordState then, RecordState now) =>
        then with { Marking = now.Marking, Groups = now.Groups, MarkedParts = now.MarkedParts, PartEvents = now.PartEvents };

    /// <summary>The answer with both clocks: the day, what was known, and the position up to which it speaks.</summary>
    public static JsonObject With(this JsonObject json, Asking asked, long position)
    {
        json["asOf"] = asked.AsOfText;
        json["knownAt"] = asked.KnownAtText(position);
        json["position"] = position;
        if (asked.Provisional) json["provisional"] = true;
        return json;
    }
}
