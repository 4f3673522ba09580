using System.Globalization;
using System.Runtime.CompilerServices;
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
/// <param name="Document">Its columns, a JSON object.</param>
public sealed record ReportLine(string Report, byte[] Document);

/// <summary>
/// The rows of the views for reporting (docs/reporting.md), taken from the very answers that HTTP gives for a day: nothing is decided here, and protected
/// values are never opened.
/// </summary>
public sealed class ReportLines(RegisterStore store, TwoClocks clocks, Statuses statuses)
{
    // So many records are answered at once; the answers of a whole register at once would be gigabytes.
    const int Together = 200;

    public async IAsyncEnumerable<ReportLine> Of(DateOnly day, long position, Marking clearance, [EnumeratorCancellation] CancellationToken stop)
    {
        var caller = new Caller("report", new HashSet<Role> { Role.Reader }, clearance);
        var asked = new Asking(day, true, position, null, false);
        var (all, _) = await statuses.All(asked, caller, stop);
        var documents = await statuses.Documents(all, stop);
        foreach (var status in all) yield return Line("partnership", Status(StatusQueries.Body(status, asked, documents)));
        await foreach (var meeting in Records(RecordKinds.Meeting, asked, caller, stop))
        {
            var row = Columns(meeting, "meeting", ("date", "date"));
            row["statements"] = Standing(meeting, "statements").Count();
            yield return Line("meeting", row);
            foreach (var line in Statements(meeting, row["reference"]!, row["partners"]!, (string?)meeting["date"], null)) yield return line;
        }
        await foreach (var partnership in Records(RecordKinds.Partnership, asked, caller, stop))
            foreach (var line in Statements(partnership, partnership["partner"]!, new JsonArray(partnership["partner"]!.DeepClone()), null, day))
                yield return line;
        await foreach (var action in Records(RecordKinds.Action, asked, caller, stop))
        {
            var row = Columns(action, "action", ("on", "agreed"), ("due", "due"));
            row["follow_ups"] = Standing(action, "followUps").Count();
            yield return Line("action", row);
            foreach (var followUp in Standing(action, "followUps"))
            {
                var said = Columns(followUp, "follow-up", ("on", "date"));
                foreach (var (name, of) in new[] { ("action", "reference"), ("partner", "partner"), ("marking", "marking") })
                    said[name] = action[of]!.DeepClone();
                yield return Line("follow-up", Unprotected(said, followUp, "note"));
            }
        }
        await foreach (var instrument in Records(RecordKinds.Instrument, asked, caller, stop))
        {
            var row = Columns(instrument, "instrument");
            row["acts"] = Standing(instrument, "acts").Count();
            yield return Line("instrument", row);
        }
    }

    static ReportLine Line(string report, JsonObject row) => new(report, JsonSerializer.SerializeToUtf8Bytes(row, BodiesJson.Of<JsonObject>()));

    // As the list of the records is answered for the day.
    async IAsyncEnumerable<JsonObject> Records<T>(
        ServedKind<T> kind, Asking asked, Caller caller, [EnumeratorCancellation] CancellationToken stop) where T : RecordState
    {
        await foreach (var rows in clocks.Rows(kind, null, null, asked.Position!.Value, stop).Chunk(Together).WithCancellation(stop))
        {
            var items = new JsonArray();
            foreach (var row in rows)
                if (caller.Seen((T)row.Value!) is var record && RecordQueries.IsListed(record, asked, caller))
                    items.Add(RecordQueries.Shape(kind, row.Key, row.Version, record, asked.AsOf));
            await new Opener(store, caller, stop).Texts(items, null);
            await RecordQueries.ShowReferences(items, store, clocks, asked.Position!.Value, caller, stop);
            foreach (var item in items) yield return item!.AsObject();
        }
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
            yield return Line("statement", Dated(row, "date", on));
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
