using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.People;

namespace SecurityCoop.Web.Search;

/// <summary>
/// The names of people, opened at the start and kept in memory only, so that they can be searched though no table holds them. It follows
/// the log, whichever host wrote; who was erased leaves it. Nothing is shown from it: what an answer shows is opened anew, and recorded
/// (<see cref="Privacy.Openings"/>).
/// </summary>
public sealed partial class NameIndex(RegisterStore store, ILogger<NameIndex> log) : BackgroundService
{
    static readonly TimeSpan gathering = TimeSpan.FromSeconds(1), patience = TimeSpan.FromMinutes(1), away = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim one = new(1);
    readonly NameBook people = new(); // Guarded by `one`.
    readonly Dictionary<string, (Marks Marks, string? Into)> marked = new(StringComparer.Ordinal); // Guarded by `one`.
    long through = -1; // Every name up to this position is there; -1: nothing yet. Guarded by `one`, and read without it only to wait.

    /// <summary>False until the names have been opened for the first time.</summary>
    public bool Ready => Volatile.Read(ref through) >= 0;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await CatchUp(stoppingToken);
                await store.HeadBeyond(Volatile.Read(ref through), patience, stoppingToken);
                await Task.Delay(gathering, stoppingToken); // A search catches up by itself; this is for what must leave the memory.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or UnknownEventType or KeysUnusable)
            {
                Log.Failed(log, e);
                await Task.Delay(away, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>
    /// The people one of whose names has a word like one of those asked about, with all forms of their names; current at the call.
    /// </summary>
    /// <param name="rights">The reader's: whom they do not cover, by how they are marked now, is not among them.</param>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<NameForm>>> Find(NameForm asked, ReaderRights rights, CancellationToken stop)
    {
        await CatchUp(stop);
        await one.WaitAsync(stop);
        try
        {
            return people.Find(asked, person => IsSeen(person, rights));
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>
    /// The form of somebody's name that an event holds, to be compared with others; null where it can no longer be opened.
    /// </summary>
    public async Task<NameForm?> Of(string person, long position, CancellationToken stop)
    {
        await CatchUp(stop);
        await one.WaitAsync(stop);
        try
        {
            return people.Of(person).FirstOrDefault(form => form.Position == position);
        }
        finally
        {
            one.Release();
        }
    }

    async Task CatchUp(CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            var head = (await store.Head(stop)).Size;
            if (head <= through) return;
            foreach (var value in await store.OpenAll(Math.Max(through, 0), stop))
                // A contact is no name; a note that is protected for somebody stands in another record's stream.
                if (value is { Pointer: "/name" } && value.Stream == value.Subject && value.Position <= head)
                    people.Add(value.Subject, value.Position, value.Value.GetString()!);
            if (through >= 0)
                foreach (var row in await store.RowsOf(RecordKinds.Person, await store.StreamsChanged("person", through, head, stop), stop)) Stands(row);
            else
                await foreach (var row in store.Rows(RecordKinds.Person, stop: stop)) Stands(row);
            Volatile.Write(ref through, head);
        }
        finally
        {
            one.Release();
        }
    }

    // As the person's record stands now.
    void Stands(Row row)
    {
        if (row.Value is not Person person) return;
        marked[row.Key] = (person.Marks, person.MergedInto);
        if (person.Erased is not null) people.Remove(row.Key);
    }

    // Whoever was merged into another is shown as that one.
    bool IsSeen(string person, ReaderRights rights)
    {
        for (var next = person; next is not null;)
        {
            if (!marked.TryGetValue(next, out var its) || !rights.Cover(its.Marks)) return false;
            next = its.Into;
        }
        return true;
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The index of names cannot be brought on; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure);
    }
}
