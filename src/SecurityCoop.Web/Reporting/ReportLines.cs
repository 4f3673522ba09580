using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Partnerships;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Reporting;

/// <param name="Report">Which of the views it is a row of: partnership, meeting, statement, action, instrument, follow-up.</param>
/// <param name="Document">Its columns.</param>
public sealed record ReportLine(string Report, JsonObject Document);

/// <summary>
/// The rows of the views for reporting (docs/reporting.md), taken from the very answers that HTTP gives for a day: nothing is decided here, and protected
/// values are never opened.
/// </summary>
public sealed class ReportLines(RegisterStore store, TwoClocks clocks, Statuses statuses)
{
    public async Task<IReadOnlyList<ReportLine>> Of(DateOnly day, long position, Marking clearance, CancellationToken stop)
    {
        var caller = new Caller("report", new HashSet<Role> { Role.Reader }, clearance);
        var asked = new Asking(day, true, position, null, false);
        var lines = new List<ReportLine>();
        var (all, _) = await statuses.All(asked, caller, stop);
        var documents = await statuses.Documents(all, stop);
        lines.AddRange(all.Select(s => new ReportLine("partnership", Status(StatusQueries.Body(s, asked, documents)))));
        foreach (var meeting in await Records(RecordKinds.Meeting, asked, caller, stop))
        {
            var row = Columns(meeting, "meeting", ("date", "date"));
            row["statements"] = Standing(meeting, "statements").Count();
            lines.Add(new("meeting", row));
            lines.AddRange(Statements(meeting, row["reference"]!, row["partners"]!, (string?)meeting["date"], null));
        }
        foreach (var partnership in await Records(RecordKinds.Partnership, asked, caller, stop))
            lines.AddRange(Statements(partnership, partnership["partner"]!, new JsonArray(partnership["partner"]!.DeepClone()), null, day));
        foreach (var action in await Records(RecordKinds.Action, asked, caller, stop))
        {
            var row = Columns(action, "action", ("on", "agreed"), ("due", "due"));
            row["follow_ups"] = Standing(action, "followUps").Count();
            lines.Add(new("action", row));
            foreach (var followUp in Standing(action, "followUps"))
            {
                var said = Columns(followUp, "follow-up", ("on", "date"));
                foreach (var (name, of) in new[] { ("action", "reference"), ("partner", "partner"), ("marking", "marking") }) said[name] = action[of]!.DeepClone();
                lines.Add(new("follow-up", Unprotected(said, followUp, "note")));
            }
        }
        foreach (var instrument in await Records(RecordKinds.Instrument, asked, caller, stop))
        {
            var row = Columns(instrument, "instrument");
            row["acts"] = Standing(instrument, "acts").Count();
            lines.Add(new("instrument", row));
        }
        return lines;
    }

    // As the list of the records is answered for the day.
    async Task<IReadOnlyList<JsonObject>> Records<T>(ServedKind<T> kind, Asking asked, Caller caller, CancellationToken stop) where T : RecordState
    {
        var items = new JsonArray();
        await foreach (var row in clocks.Rows(kind, null, asked.Position!.Value, stop))
            if (caller.Seen((T)row.Value!) is var record && RecordQueries.IsListed(record, asked, caller))
                items.Add(RecordQueries.Shape(kind, row.Key, row.Version, record, asked.AsOf));
        await new Opener(store, caller, stop).Texts(items, null);
        await RecordQueries.ShowReferences(items, store, clocks, asked.Position!.Value, caller, stop);
        return [.. items.Select(i => i!.AsObject())];
    }

    static IEnumerable<ReportLine> Statements(JsonObject record, JsonNode reference, JsonNode partners, string? date, DateOnly? by)
    {
        foreach (var statement in Standing(record, "statements"))
        {
            var on = (string?)statement["on"] ?? date;
            if (by is { } day && Edtf.Parse(on!).StartedBy(day) == Certainty.No) continue;
            var said = statement["said"]!.AsObject();
            var row = Unprotected(Columns(said, "statement"), said, "text");
            (row["record"], row["partners"], row["marking"]) = (reference.DeepClone(), partners.DeepClone(), statement["marking"]!.DeepClone());
            yield return new("statement", Dated(row, "date", on));
        }
    }

    static JsonObject Status(StatusBody s)
    {
        var row = new JsonObject
        {
            ["partner"] = s.Partner.Code, ["name_fr"] = s.Partner.Name.Fr, ["name_en"] = s.Partner.Name.En, ["name_ar"] = s.Partner.Name.Ar, ["status"] = s.Status, ["certainty"] = Slug.Of(s.Certainty),
            ["certain_status"] = s.CertainStatus, ["closed"] = s.Closed == true, ["last_contact"] = s.LastContact, ["modifiers"] = new JsonArray([.. s.Modifiers.Select(m => (JsonNode)m.Code)]),
            ["topics"] = new JsonArray([.. s.Topics.Select(t => (JsonNode)t)]), ["meetings"] = s.Counts.Meetings, ["statements"] = s.Counts.Statements, ["actions"] = s.Counts.Actions,
            ["open_actions"] = s.Counts.OpenActions, ["instruments"] = s.Counts.Instruments,
        };
        return row;
    }

    /// <summary>An answer's plain fields and lists of them under the names of columns; dates with the bounds that they have.</summary>
    static JsonObject Columns(JsonObject answer, string report, params (string Field, string Column)[] dates)
    {
        var row = new JsonObject();
        foreach (var (field, value) in answer)
            if (value is JsonValue || value is JsonArray list && list.All(v => v is JsonValue)) row[JsonNamingPolicy.SnakeCaseLower.ConvertName(field)] = value.DeepClone();
        if (report is "statement") row["formulaic"] = (bool?)answer["formulaic"] == true;
        if (report is "instrument") row["assumed"] = (bool?)answer["assumed"] == true;
        foreach (var (field, column) in dates) Dated(row, column, (string?)answer[field]);
        return row;
    }

    static JsonObject Dated(JsonObject row, string column, string? text)
    {
        if (text is null) return row;
        var date = Edtf.Parse(text);
        row[column] = text;
        (row[$"{column}_from"], row[$"{column}_to"]) = (Day(date.Earliest), Day(date.Latest));
        return row;
    }

    static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // What is protected stands in an answer as an object in place of the words.
    static JsonObject Unprotected(JsonObject row, JsonObject answer, string field)
    {
        row["protected"] = answer[field] is JsonObject;
        return row;
    }

    static IEnumerable<JsonObject> Standing(JsonObject record, string items) => (record[items]?.AsArray() ?? []).Select(i => i!.AsObject()).Where(i => (bool?)i["withdrawn"] != true);
}
