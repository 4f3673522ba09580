using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Meetings;

namespace SecurityCoop.Web.Intake;

/// <summary>
/// What a second text says of a meeting on file: commands that add it as a further source. Where it says more, the record is refined; where
/// it says otherwise, less or the same, that is reported beside the record; what it alone says was said is added.
/// </summary>
sealed class FurtherSource(Records records, Caller caller)
{
    /// <param name="reference">Of the meeting on file.</param>
    /// <param name="source">Where the text tells of the meeting; null: the document is not on file yet, and reports would be refused without it.</param>
    public async Task<JsonObject?> Of(MeetingBody told, string reference, IReadOnlyList<LocatorBody>? source, CancellationToken stop)
    {
        var (_, meeting, _) = await records.Get(RecordKinds.Meeting, reference, caller, stop);
        var part = meeting.Named(null);
        var (refined, reported) = (new JsonObject(), new JsonObject());
        if (told.Date is { IsUnknown: false } date) Compare("date", date.Text, typeof(Edtf));
        if (told.Place is { } place) Compare("place", place, typeof(string));
        // Something must carry the source, even where it says nothing new.
        if (refined.Count == 0 && reported.Count == 0) reported["kind"] = told.Kind;

        var at = $"/api/meetings/{meeting.Reference}";
        var commands = new JsonArray();
        if (refined.Count > 0) commands.Add((JsonNode)Command($"{at}/refinements", new() { ["fields"] = refined }));
        if (reported.Count > 0) commands.Add((JsonNode)Command($"{at}/reports", new() { ["fields"] = reported }));
        List<StatementBody> more = [.. (told.Statements ?? []).Where(s => s.Formulaic != true && !meeting.Statements.Any(known => !known.Withdrawn && IsSame(known.Said, s)))];
        if (more.Count > 0 && meeting.State == MeetingState.Held)
            commands.Add((JsonNode)Command($"{at}/statements", new() { ["statements"] = JsonSerializer.SerializeToNode(more, BodiesJson.Shown<List<StatementBody>>()) }));
        return new() { ["of"] = meeting.Reference, ["commands"] = commands };

        void Compare(string field, string said, Type type)
        {
            var element = JsonSerializer.SerializeToElement(said, BodiesJson.Of<string>());
            (Precision.Of(part.Value(field, "/field"), element, type, field) == Agreement.MorePrecise ? refined : reported)[field] = said;
        }

        JsonObject Command(string post, JsonObject body)
        {
            if (told.Marking is { } marking) body["marking"] = Slug.Of(marking);
            if (source is { Count: > 0 }) body["source"] = JsonSerializer.SerializeToNode(source, BodiesJson.Shown<IReadOnlyList<LocatorBody>>());
            return new() { ["post"] = post, ["body"] = body };
        }
    }

    // By its force, who speaks and what about: the words differ from text to text.
    static bool IsSame(Statement known, StatementBody told) => known.Force == told.Force && known.Speaker == told.Speaker
        && ((known.Topics ?? []).Intersect(told.Topics ?? []).Any() || (known.Topics is null or { Count: 0 } && told.Topics is null or { Count: 0 }));
}
