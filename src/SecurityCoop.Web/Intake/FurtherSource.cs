using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Meetings;
using SecurityCoop.Web.Search;

namespace SecurityCoop.Web.Intake;

/// <summary>
/// What a second text says of a meeting on file: commands that add it as a further source. Where it says more, the record is refined; where
/// it says otherwise, less or the same, that is reported beside the record; what it alone says was said is added.
/// </summary>
public sealed class FurtherSource(Records records, RegisterStore store, TwoClocks clocks)
{
    /// <param name="reference">Of the meeting on file.</param>
    /// <param name="source">Where the text tells of the meeting; null: the document is not on file yet, and reports would be refused without it.</param>
    public async Task<JsonObject?> Of(MeetingBody told, string reference, IReadOnlyList<LocatorBody>? source, Caller caller, CancellationToken stop)
    {
        var (_, meeting, _) = await records.Get(RecordKinds.Meeting, reference, caller, stop);
        var part = meeting.Named(null);
        var (refined, reported) = (new JsonObject(), new JsonObject());
        if (told.Date is { IsUnknown: false } date) Compare("date", date.Text, typeof(Edtf));
        if (told.Place is { } place) Compare("place", place, typeof(string));
        await Participants("home", told.Home);
        await Participants("partnerSide", told.PartnerSide);
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

        // Who is on file stays in their place; who is new follows, and whoever was on file by the office alone is named.
        async Task Participants(string side, IReadOnlyList<Participant>? said)
        {
            if (said is null) return;
            var shown = new JsonObject { [side] = part.Now[side]?.DeepClone() ?? new JsonArray() };
            await RecordQueries.ShowReferences(shown, store, clocks, (await store.Head(stop)).Size, caller, stop);
            var known = shown[side]!.Deserialize(BodiesJson.Of<List<Participant>>())!;
            // Of a list in which somebody is hidden nothing is sent back.
            if (known.Exists(p => p.Person == Visibility.Hidden)) return;
            if (Joined(known, said) is { } joined) refined[side] = JsonSerializer.SerializeToNode(joined, BodiesJson.Shown<IReadOnlyList<Participant>>());
        }

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

    /// <summary>The participants on file with those that are new; null: none is.</summary>
    static List<Participant>? Joined(IReadOnlyList<Participant> known, IReadOnlyList<Participant> said)
    {
        var joined = known.ToList();
        foreach (var p in said)
        {
            if (p.Person is { } person && joined.Exists(k => k.Person == person)) continue;
            var same = joined.FindIndex(k => IsOffice(k, p) && (k.Person is null || p.Person is null));
            if (same >= 0 && p.Person is not null) joined[same] = joined[same] with { Person = p.Person };
            // Descriptions ("a large delegation") differ from text to text: one is enough.
            else if (same < 0 && (p.Person is not null || p.Office is not null || !joined.Exists(k => k is { Person: null, Office: null }))) joined.Add(p);
        }
        return joined.SequenceEqual(known) ? null : joined;
    }

    static bool IsOffice(Participant one, Participant other) =>
        one.Office?.Title is { } a && other.Office?.Title is { } b && TextWords.Of(a).Select(w => w.Folded).SequenceEqual(TextWords.Of(b).Select(w => w.Folded));

    // By its force, who speaks and what about: the words differ from text to text.
    static bool IsSame(Statement known, StatementBody told) => known.Force == told.Force && known.Speaker == told.Speaker
        && ((known.Topics ?? []).Intersect(told.Topics ?? []).Any() || (known.Topics is null or { Count: 0 } && told.Topics is null or { Count: 0 }));
}
