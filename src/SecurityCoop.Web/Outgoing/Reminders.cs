using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Outgoing;

/// <summary>
/// What begins on a day: an action or instrument becomes overdue or due for review, or an instrument changes its state, as by expiring. Said on the day, and a
/// month ahead.
/// </summary>
static class Reminders
{
    public const int DaysAhead = 30;

    static readonly string[] watched = ["overdue", "reviewDue", "states"];

    /// <summary>Reminders of a day, of what these rights cover, each with an id of its own that a second sending repeats.</summary>
    public static async IAsyncEnumerable<(string Id, JsonObject Reminder)> Of(DateOnly day, RegisterStore store, ReaderRights rights, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var kind in new RecordKind[] { RecordKinds.Action, RecordKinds.Instrument })
            await foreach (var row in store.Rows(kind, stop: stop))
            {
                var record = ((RecordState)row.Value!).SeenWith(rights);
                if (!record.Exists || record.Withdrawn || !rights.Cover(record)) continue;
                foreach (var ahead in new[] { DaysAhead, 0 })
                {
                    var of = day.AddDays(ahead);
                    if (Begins(record, of) is not { Count: > 0 } news) continue;
                    var reminder = new JsonObject { ["id"] = row.Key, ["kind"] = kind.Name, ["on"] = of.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), ["daysAhead"] = ahead };
                    if (record.Reference is { } reference) reminder["reference"] = reference;
                    foreach (var (name, value) in news) reminder[name] = value?.DeepClone();
                    yield return (FormattableString.Invariant($"{row.Key}/{of:yyyy-MM-dd}/{ahead}"), reminder);
                }
            }
    }

    // What holds on the day and did not on the day before.
    static JsonObject Begins(RecordState record, DateOnly day)
    {
        var (before, then) = (new JsonObject(), new JsonObject());
        AtTheDay.Show(before, record, day.AddDays(-1));
        AtTheDay.Show(then, record, day);
        // The states of an action change by events only, of which others are told anyhow.
        return new(then.Where(m => watched.Contains(m.Key) && !(m.Key == "states" && record is AgreedAction) && !JsonNode.DeepEquals(m.Value, before[m.Key]))
            .Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));
    }
}
