using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Users;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Access;

/// <summary>What was read and what left the register, told to the trace by what answers it.</summary>
static class ReadTrace
{
    /// <summary>The marking above which each reading is recorded, from the configuration.</summary>
    /// <exception cref="StartRefused">There is no such marking.</exception>
    public static Marking Above(IConfiguration configuration) => configuration.MarkingOf("Register:RecordReadingAbove", Marking.Confidential);

    /// <summary>The marking that a setting names.</summary>
    /// <param name="usual">Where it is not given.</param>
    /// <exception cref="StartRefused">There is no such marking.</exception>
    public static Marking MarkingOf(this IConfiguration configuration, string setting, Marking usual) =>
        configuration[setting] is not { } named ? usual : Slug.TryParse<Marking>(named, out var marking) ? marking
        : throw new StartRefused($"{setting.Replace(":", "__", StringComparison.Ordinal)}: {named} is no marking (open, restricted, confidential, secret).");

    /// <summary>Records stand in the answer; recorded is the reading of those that are marked highly.</summary>
    /// <param name="records">With how they and what is shown of their parts are marked.</param>
    public static void Showed(this HttpContext http, IEnumerable<(string Stream, Marks Marks)> records)
    {
        var trace = http.RequestServices.GetRequiredService<AccessTrace>();
        records = [.. records];
        foreach (var (_, marks) in records) http.Shows(marks.Marking);
        List<(string Stream, Marks Marks)> high = [.. records.Where(r => r.Marks.Marking > trace.ReadingAbove)];
        if (high.Count == 0) return;
        trace.Read(http.GetCaller().Subject, http.RouteTemplate(), [.. high.Select(r => r.Stream)], Together(high.Select(r => r.Marks)));
    }

    /// <summary>How what is read together is marked: the highest level, and all groups.</summary>
    public static Marks Together(IEnumerable<Marks> marks) => marks.Aggregate(new Marks(Marking.Open), (all, some) => all.And(some));

    /// <summary>Something of this marking stands on the page.</summary>
    public static void Shows(this HttpContext http, Marking marking)
    {
        if (!(http.HighestShown() >= marking)) http.Items[typeof(Marking)] = marking;
    }

    /// <summary>The highest marking that the answer is known to show; null: none.</summary>
    public static Marking? HighestShown(this HttpContext http) => http.Items[typeof(Marking)] as Marking?;

    /// <summary>The answer is a file that leaves the register: an export, a bundle, a calendar, the events as they come.</summary>
    /// <param name="records">Stream ids of what is in it; null: the whole register, as far as the caller may see it.</param>
    /// <param name="marks">Of all that is in it together.</param>
    /// <param name="by">Whose reading it is, where nobody signed in for it.</param>
    /// <param name="form">As what it left, where the route has several forms.</param>
    public static void TookOut(
        this HttpContext http, IReadOnlyCollection<string>? records, Marks marks, Caller? by = null, string? form = null) =>
        http.RequestServices.GetRequiredService<AccessTrace>().Read(
            (by ?? http.GetCaller()).Subject, form is null ? http.RouteTemplate() : $"{http.RouteTemplate()} as {form}", records, marks);

    /// <summary>The operator takes something out on the command line. What cannot be recorded is said, and no reason to keep a damaged register from being saved.</summary>
    /// <param name="command">The command, without its arguments.</param>
    public static async Task TookOut(this RegisterStore store, string command, Marking marking, CancellationToken stop)
    {
        try
        {
            var read = AccessTrace.Of(Users.Console, new AccessRead(Users.Console, command), new(marking));
            await store.Append(new(read.Events[0].Context.CommandId, [read]), stop);
        }
        catch (Exception failure) when (failure is Npgsql.NpgsqlException or HistoryBroken or NotCommitted or OutcomeUnknown or DocumentsOutdated)
        {
            await Console.Error.WriteLineAsync($"Warning: that this was taken out could not be recorded: {failure.Message}");
        }
    }
}
