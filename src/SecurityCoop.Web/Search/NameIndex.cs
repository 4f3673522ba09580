using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Register.People;

namespace SecurityCoop.Web.Search;

/// <summary>One form of somebody's name, cut into words.</summary>
/// <param name="Position">Of the event that holds it, by which the person's record tells whether it still stands and what kind of form it is.</param>
/// <param name="Sounds">Of each word, the likeliest first.</param>
public sealed record NameForm(long Position, IReadOnlyList<string> Words, IReadOnlyList<IReadOnlyList<string>> Sounds)
{
    public static NameForm Of(long position, string name)
    {
        var words = TextWords.Of(name).Select(w => w.Folded).Where(w => !NameForms.IsArticle(w)).ToList();
        return new(position, words, [.. words.Select(NameForms.Sounds)]);
    }

    /// <summary>How well each word of a question is one of the name: 1 the same, less for a beginning, a like sound in either script, a slip of one letter; 0 not at all.</summary>
    public double[] Match(NameForm asked) => [.. asked.Words.Select((word, i) => Math.Max(
        Words.Select((own, j) => Math.Max(Like(own, word, asked.Words.Count > 1), Alike(asked, i, j))).DefaultIfEmpty(0).Max(),
        // What one writer joins, another parts (Abdellatif, Abd el-Latif).
        Math.Max(Joined(asked.Sounds, Sounds, i), Pairs(Sounds).Any(pair => pair.Length > 2 && asked.Sounds[i].Contains(pair)) ? 0.6 : 0)))];

    // By the letters. An initial stands for a name beside others only; a short name (Alex) answers the long one.
    static double Like(string own, string word, bool beside) =>
        own == word ? 1
        : word.Length > 1 && own.StartsWith(word, StringComparison.Ordinal) ? 0.9
        : word.Length > 4 && NameForms.OneSlip(own, word) ? 0.6
        : (word.Length == 1 && beside && own.StartsWith(word, StringComparison.Ordinal)) || (own.Length > 3 && word.StartsWith(own, StringComparison.Ordinal)) ? 0.5
        : 0;

    // By the sound; where scripts differ, a letter that one of them has otherwise is no other name.
    double Alike(NameForm asked, int i, int j) =>
        asked.Sounds[i].Any(s => s.Length > 1 && Sounds[j].Contains(s)) ? 0.7
        : NameForms.IsArabic(asked.Words[i]) != NameForms.IsArabic(Words[j]) && asked.Sounds[i].Any(s => s.Length > 3 && Sounds[j].Any(own => own.Length > 3 && NameForms.OneSlip(s, own))) ? 0.5
        : 0;

    static double Joined(IReadOnlyList<IReadOnlyList<string>> asked, IReadOnlyList<IReadOnlyList<string>> own, int i) =>
        (i > 0 && own.Any(o => o.Contains(Pair(asked[i - 1], asked[i])))) || (i + 1 < asked.Count && own.Any(o => o.Contains(Pair(asked[i], asked[i + 1])))) ? 0.6 : 0;

    static IEnumerable<string> Pairs(IReadOnlyList<IReadOnlyList<string>> sounds) => sounds.Zip(sounds.Skip(1), Pair);

    static string Pair(IReadOnlyList<string> a, IReadOnlyList<string> b) => Pair(a[0], b[0]);

    // Where two words meet, a doubled letter counts once, and a vowel no longer begins anything.
    static string Pair(string a, string b)
    {
        var rest = b.StartsWith('a') ? b[1..] : b;
        return rest.Length > 0 && a.EndsWith(rest[0]) ? a + rest[1..] : a + rest;
    }
}

/// <summary>
/// The names of people, opened at the start and kept in memory only, so that they can be searched though no table holds them. It follows the log, whichever host
/// wrote; who was erased leaves it. Nothing is shown from it: what an answer shows is opened anew, and recorded (<see cref="Privacy.Openings"/>).
/// </summary>
public sealed partial class NameIndex(RegisterStore store, ILogger<NameIndex> log) : BackgroundService
{
    static readonly TimeSpan gathering = TimeSpan.FromSeconds(1), patience = TimeSpan.FromMinutes(1), away = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim one = new(1);
    readonly Dictionary<string, List<NameForm>> people = new(StringComparer.Ordinal); // Guarded by `one`.
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
            catch (Exception e) when (e is NpgsqlException or UnknownEventType)
            {
                Log.Failed(log, e);
                await Task.Delay(away, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The people one of whose names has a word like one of those asked about, with all forms of their names; current at the call.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<NameForm>>> Find(NameForm asked, CancellationToken stop)
    {
        await CatchUp(stop);
        await one.WaitAsync(stop);
        try
        {
            return people.Where(p => p.Value.Any(form => form.Match(asked).Any(m => m > 0))).ToDictionary(p => p.Key, p => (IReadOnlyList<NameForm>)[.. p.Value]);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>The form of somebody's name that an event holds, to be compared with others; null where it can no longer be opened.</summary>
    public async Task<NameForm?> Of(string person, long position, CancellationToken stop)
    {
        await CatchUp(stop);
        await one.WaitAsync(stop);
        try
        {
            return people.GetValueOrDefault(person)?.FirstOrDefault(form => form.Position == position);
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
                {
                    if (!people.TryGetValue(value.Subject, out var forms)) people[value.Subject] = forms = [];
                    forms.Add(NameForm.Of(value.Position, value.Value.GetString()!));
                }
            if (through >= 0)
                await foreach (var e in store.ReadAll(new EventFilter { After = through, Through = head, Type = "person_erased" }, stop)) people.Remove(e.Stream);
            else
                await foreach (var row in store.Rows(RecordKinds.Person, stop: stop))
                    if (row.Value is Person { Erased: not null }) people.Remove(row.Key);
            Volatile.Write(ref through, head);
        }
        finally
        {
            one.Release();
        }
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The index of names cannot be brought on; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure);
    }
}
