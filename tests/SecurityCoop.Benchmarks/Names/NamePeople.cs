using System.Diagnostics;
using System.Globalization;
using SecurityCoop.Web.Search;

namespace SecurityCoop.Benchmarks.Names;

/// <summary>How well people were found: of those that should be, how many; and of those that were, how many should be.</summary>
/// <param name="Milliseconds">Of a search, on average.</param>
/// <param name="Missed">Some who were not found, and some strangers who were: what stands on file, and what was asked.</param>
public sealed record NamesFound(
    int Questions, double Recall, double Precision, double Milliseconds,
    IReadOnlyList<(string OnFile, string Asked)> Missed, IReadOnlyList<(string OnFile, string Asked)> Strangers);

/// <summary>Somebody by the vocalised spelling of a given name and a family's.</summary>
public sealed record NamedPerson(string Given, string Family)
{
    private static readonly Romanisation plain = new(new Random(0));

    /// <summary>
    /// By what nobody can tell two people apart: BGN/PCGN 1956 as it is typed, without marks, in which Salim is سالم as well as سليم; and
    /// Arabic as it is typed, without vowels. Who asks for one of them in such letters is shown the other by right.
    /// </summary>
    public (string Latin, string Arabic) Typed { get; } = (plain.Typed($"{Given} {Family}"), plain.TypedArabic($"{Given} {Family}"));
}

/// <summary>
/// People whose names are made of <see cref="ArabicNames"/>, each on file as one writer would write them (<see cref="Romanisation"/>), and
/// asked for as another would.
/// </summary>
public sealed class NamePeople
{
    private readonly Random random = new(9303);
    private readonly Romanisation writing;
    private readonly Writer[] writers = Enum.GetValues<Writer>();
    private readonly List<(NamedPerson Who, Writer By, string Name)> people = [];
    private readonly NameBook book = new();

    public NamePeople(int count)
    {
        writing = new(random);
        var different = new HashSet<NamedPerson>();
        while (different.Count < count)
            different.Add(new(random.GetItems(ArabicNames.Given, 1)[0], random.GetItems(ArabicNames.Family, 1)[0]));
        foreach (var who in different)
        {
            var by = writers[random.Next(writers.Length)];
            people.Add((who, by, Write(who, by)));
            book.Add($"{people.Count - 1}", 0, people[^1].Name);
        }
    }

    private string Write(NamedPerson who, Writer by) => $"{writing.Write(who.Given, by)} {writing.Write(who.Family, by)}";

    public IReadOnlyList<string> OnFile => [.. people.Select(p => p.Name)];

    /// <summary>Somebody, by index, and how another writer than the one on file would write the name.</summary>
    public (int Who, string Asked) Question()
    {
        var who = random.Next(people.Count);
        var others = writers.Where(w => w != people[who].By).ToArray();
        return (who, Write(people[who].Who, others[random.Next(others.Length)]));
    }

    public bool IsSame(int one, int other) => Same(people[one].Who, people[other].Who);

    /// <summary>Asks so many questions of the names in memory.</summary>
    public Task<NamesFound> Ask(int questions) => Ask(questions, asked => Task.FromResult<IReadOnlyList<int>>(
        [.. book.Meant(NameForm.Of(0, asked)).Select(w => int.Parse(w, CultureInfo.InvariantCulture))]));

    /// <param name="search">Who is found, by index.</param>
    public async Task<NamesFound> Ask(int questions, Func<string, Task<IReadOnlyList<int>>> search)
    {
        var (found, right, all, took) = (0, 0, 0, TimeSpan.Zero);
        var (missed, strangers) = (new List<(string, string)>(), new List<(string, string)>());
        for (var i = 0; i < questions; i++)
        {
            var (who, asked) = Question();
            var begun = Stopwatch.GetTimestamp();
            var answers = await search(asked);
            took += Stopwatch.GetElapsedTime(begun);
            all += answers.Count;
            if (answers.Contains(who)) found++;
            else missed.Add((people[who].Name, asked));
            foreach (var answer in answers)
                if (IsSame(answer, who)) right++;
                else strangers.Add((people[answer].Name, asked));
        }
        return new(questions, (double)found / questions, all == 0 ? 1 : (double)right / all, took.TotalMilliseconds / questions, missed, strangers);
    }

    /// <summary>
    /// Compares names two by two, without others beside them that answer better: each name as every two writers would write it, and
    /// against a near one as they would.
    /// </summary>
    public NamesFound Compare()
    {
        var (found, pairs, wrong) = (0, 0, 0);
        var (missed, strangers) = (new List<(string, string)>(), new List<(string, string)>());
        foreach (var names in (string[][])[ArabicNames.Given, ArabicNames.Family])
            for (var i = 0; i < names.Length; i++)
            {
                var (one, other) = (random.Next(writers.Length), random.Next(1, writers.Length));
                var (by, asking) = (writers[one], writers[(one + other) % writers.Length]);
                var (onFile, asked) = (writing.Write(names[i], by), writing.Write(names[i], asking));
                pairs++;
                if (IsLike(onFile, asked)) found++;
                else missed.Add((onFile, asked));
                // Those beside it in the list are near on purpose; one that nobody can tell from it is no other.
                var near = names[(i + 1) % names.Length];
                if (Same(new(near, ""), new(names[i], "")) || !IsLike(onFile = writing.Write(near, by), asked)) continue;
                wrong++;
                strangers.Add((onFile, asked));
            }
        return new(pairs, (double)found / pairs, (double)found / (found + wrong), 0, missed, strangers);

        static bool IsLike(string onFile, string asked) =>
            NameForm.Of(1, onFile).Match(NameForm.Of(0, asked)).All(q => q >= NameForm.Likely);
    }

    private static bool Same(NamedPerson one, NamedPerson other) =>
        one.Typed.Latin == other.Typed.Latin || one.Typed.Arabic == other.Typed.Arabic;
}
