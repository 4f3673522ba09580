using System.Text.Json.Nodes;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using RegisterPartnership = SecurityCoop.Register.Partnerships.Partnership;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What the register has learnt between two instants about a partnership, as data and in words: the same day of the world, seen with two states of knowledge.</summary>
static class Changes
{
    public static async Task<IResult> OfOne(string code, HttpContext http, TwoClocks clocks, Statuses statuses, RegisterStore store, string? from, string? to, string? asOf, string? home)
    {
        if (!Known.IsPartner(code)) throw Refusal.Because("not-found", code);
        var between = await Between(http, clocks, from, to, asOf, home);
        http.SetPosition(between.To.Position!.Value);
        var changes = await Of(code, between, http.GetCaller(), Language.Asked(http.Request), statuses, store, clocks, http.RequestAborted);
        http.Showed(changes.Shown);
        return TypedResults.Json(changes, BodiesJson.Shown<ChangesBody>());
    }

    /// <summary>The same of every partnership of which anything was recorded in between, by partner code.</summary>
    public static async Task<IResult> OfAll(HttpContext http, TwoClocks clocks, Statuses statuses, RegisterStore store, string? from, string? to, string? asOf, string? home, int? limit, string? after)
    {
        var take = RecordQueries.Limit(limit);
        if (after is not null && !Known.IsPartner(after)) throw Refusal.OfField("?after", "invalid-parameter");
        var (between, caller, language, stop) = (await Between(http, clocks, from, to, asOf, home), http.GetCaller(), Language.Asked(http.Request), http.RequestAborted);
        var found = new List<ChangesBody>();
        foreach (var partner in (await statuses.All(between.To, caller, stop)).Statuses.Select(s => s.Facts.Partner).Where(p => after is null || string.CompareOrdinal(p, after) > 0))
        {
            if (await Of(partner, between, caller, language, statuses, store, clocks, stop) is { Records.Count: > 0 } changes) found.Add(changes);
            if (found.Count > take) break;
        }
        var next = found.Count > take ? found[take - 1].Partner.Code : null;
        if (next is not null) http.SetNext(next);
        http.SetPosition(between.To.Position!.Value);
        http.Showed(found.Take(take).SelectMany(c => c.Shown));
        return TypedResults.Json(new ChangesList([.. found.Take(take)], next, KnowledgeBody.Of(between.From), KnowledgeBody.Of(between.To), between.To.AsOfText), BodiesJson.Shown<ChangesList>());
    }

    /// <summary>The two states of knowledge: of days, from the start of the first to the end of the last.</summary>
    /// <exception cref="Refusal">required, invalid-known-at, unknown-position or from-after-to, at the parameter.</exception>
    public static async Task<(Asking From, Asking To)> Between(HttpContext http, TwoClocks clocks, string? from, string? to, string? asOf, string? home)
    {
        var stop = http.RequestAborted;
        var asked = await clocks.Ask(asOf, null, stop, home);
        var first = await clocks.Resolve("?from", from ?? throw Refusal.OfField("?from", "required"), DayEdge.Start, stop);
        var last = to is null ? new Resolved(await clocks.Through(asked, stop), false) : await clocks.Resolve("?to", to, DayEdge.End, stop);
        if (first.Position > last.Position) throw Refusal.OfField("?from", "from-after-to", $"@{first.Position}", $"@{last.Position}");
        return (asked with { Position = first.Position, KnownAt = from, Provisional = first.Provisional }, asked with { Position = last.Position, KnownAt = to, Provisional = last.Provisional });
    }

    /// <summary>What differs for one partner; both askings name a position.</summary>
    public static async Task<ChangesBody> Of(string partner, (Asking From, Asking To) between, Caller caller, Language language, Statuses statuses, RegisterStore store, TwoClocks clocks, CancellationToken stop)
    {
        var (before, after) = (await statuses.Of(partner, between.From, caller, stop), await statuses.Of(partner, between.To, caller, stop));
        var documents = await statuses.Documents([before, after], stop);
        var (was, now) = (StatusQueries.Body(before, between.From, documents), StatusQueries.Body(after, between.To, documents));
        var events = await Events(partner, before, after, caller, statuses, store, stop);
        var records = new List<RecordChange>();
        foreach (var (stream, of) in events)
        {
            var (old, record) = (before.Facts.Records.GetValueOrDefault(stream), after.Facts.Records[stream]);
            var fields = old is null ? [] : await Differences(stream, old, record, between, store, clocks, caller, stop);
            records.Add(new(record.Reference, RecordKinds.OfStream(stream)!.Name, About(record, language), Kind(old, record, of), fields, [.. of.Select(e => e.Position)], [.. of.Select(e => e.Type)]));
        }
        var causes = Causes(was, now, records);
        return new(
            PartnerBody.Of(partner), KnowledgeBody.Of(between.From), KnowledgeBody.Of(between.To), between.To.AsOfText,
            new(StandingBody.Of(was), StandingBody.Of(now), was.Status != now.Status || was.Certainty != now.Certainty || was.CertainStatus != now.CertainStatus, [.. Reasons(was, now, causes)]),
            new([.. now.Modifiers.Where(m => !was.Modifiers.Any(w => w.Code == m.Code))], [.. was.Modifiers.Where(m => !now.Modifiers.Any(n => n.Code == m.Code))]),
            records, [.. ChangeWords.Of(partner, was, now, causes, records, language)])
        {
            Shown = [.. events.Select(e => (e.Key, after.Facts.Records[e.Key].MarksWithParts))],
        };
    }

    // By stream, in the order in which they were first touched; only what the caller may see.
    static async Task<IReadOnlyList<KeyValuePair<string, List<StoredEvent>>>> Events(string partner, PartnerStatus before, PartnerStatus after, Caller caller, Statuses statuses, RegisterStore store,
        CancellationToken stop)
    {
        var found = new OrderedDictionary<string, List<StoredEvent>>(StringComparer.Ordinal);
        var isShown = (await statuses.HiddenOf(partner, after.Position, caller, stop)).Shows;
        await foreach (var e in store.ReadAll(new EventFilter { Partner = partner, After = before.Position, Through = after.Position }, stop))
        {
            if (!after.Facts.Records.ContainsKey(e.Stream) || !isShown(e.Header)) continue;
            if (!found.TryGetValue(e.Stream, out var of)) found[e.Stream] = of = [];
            of.Add(e);
        }
        return [.. found];
    }

    static string Kind(RecordState? old, RecordState now, IReadOnlyList<StoredEvent> events) =>
        now.Withdrawn && old is not { Withdrawn: true } ? "withdrawn"
        : old is null ? "opened"
        : events.Any(e => e.Type.EndsWith("_corrected", StringComparison.Ordinal) || e.Type.EndsWith("_withdrawn", StringComparison.Ordinal)) ? "corrected"
        : "changed";

    // Of lists of items only those that differ are shown.
    static async Task<IReadOnlyList<ChangeBody>> Differences(
        string stream, RecordState old, RecordState now, (Asking From, Asking To) between,
        RegisterStore store, TwoClocks clocks, Caller caller, CancellationToken stop)
    {
        var kind = (IServedKind)RecordKinds.OfStream(stream)!;
        var (was, becomes) = (RecordQueries.Shape(kind, stream, 0, old, between.To.AsOf), RecordQueries.Shape(kind, stream, 0, now, between.To.AsOf));
        var differences = new List<ChangeBody>();
        foreach (var name in was.Select(p => p.Key).Union(becomes.Select(p => p.Key)))
        {
            var (a, b) = (was[name], becomes[name]);
            if (JsonNode.DeepEquals(a, b)) continue;
            if (IsItems(a) || IsItems(b)) (a, b) = (Only(a as JsonArray, b as JsonArray), Only(b as JsonArray, a as JsonArray));
            differences.Add(new(name, await Shown(a, between.From), await Shown(b, between.To)));
        }
        return differences;

        // Each side names other records as they were known then.
        async Task<JsonNode?> Shown(JsonNode? value, Asking asked)
        {
            var shown = new JsonArray(value?.DeepClone());
            await RecordQueries.ShowReferences(shown, store, clocks, asked.Position!.Value, caller, stop);
            return shown[0]?.DeepClone();
        }
    }

    static bool IsItems(JsonNode? value) => value is JsonArray { Count: > 0 } items && items.All(i => i is JsonObject);

    static JsonArray? Only(JsonArray? items, JsonArray? butNot)
    {
        var left = items?.Where(i => butNot?.Any(o => JsonNode.DeepEquals(i, o)) != true).Select(i => i?.DeepClone()).ToArray() ?? [];
        return left.Length == 0 ? null : new(left);
    }

    // What the status owes the change to: of the reasons before and after, the records that changed in between; where none did, all reasons that it has now.
    static IReadOnlyList<string> Causes(StatusBody was, StatusBody now, IReadOnlyList<RecordChange> records)
    {
        var touched = records.Select(r => r.Reference).ToHashSet();
        var named = now.Because.Concat(was.Because).Select(b => b.Record).OfType<string>().Distinct().ToList();
        return named.Where(touched.Contains).ToList() is { Count: > 0 } changed ? changed : [.. now.Because.Select(b => b.Record).OfType<string>().Distinct()];
    }

    static IEnumerable<BecauseBody> Reasons(StatusBody was, StatusBody now, IReadOnlyList<string> causes) =>
        now.Because.Concat(was.Because.Where(b => !now.Because.Any(n => n.Event == b.Event && n.Kind == b.Kind))).Where(b => b.Record is null || causes.Contains(b.Record));

    /// <summary>What the record is about, in few words.</summary>
    static string? About(RecordState record, Language l) => record switch
    {
        AgreedAction a => a.Details!.What,
        Instrument i => i.Details!.Title,
        Meeting m => $"{l.Say(Vocabulary.Default.MeetingKinds, m.Details!.Kind)}{l.Comma}{l.Say(m.Details.Date)}",
        RegisterPartnership p => l.Say(Known.PartnerName(p.Details!.Partner)),
        _ => null,
    };
}

/// <param name="KnownAt">As asked; otherwise the position, as "@1234".</param>
/// <param name="Provisional">True where the instant lies after the newest event.</param>
public sealed record KnowledgeBody(string KnownAt, long Position, bool? Provisional)
{
    public static KnowledgeBody Of(Asking asked) => new(asked.KnownAtText(asked.Position!.Value), asked.Position.Value, asked.Provisional ? true : null);
}

/// <param name="Words">What changed, in the language of the request: the status, what stands beside it, then each record.</param>
public sealed record ChangesBody(
    PartnerBody Partner, KnowledgeBody From, KnowledgeBody To, string AsOf, StatusChange Status, ModifierChanges Modifiers, IReadOnlyList<RecordChange> Records, IReadOnlyList<string> Words)
{
    /// <summary>The records that changed, by stream id.</summary>
    internal IReadOnlyList<(string Stream, Marks Marks)> Shown { get; init; } = [];
}

public sealed record ChangesList(IReadOnlyList<ChangesBody> Items, string? Next, KnowledgeBody From, KnowledgeBody To, string AsOf);

public sealed record StandingBody(string Status, Certainty Certainty, string CertainStatus)
{
    public static StandingBody Of(StatusBody s) => new(s.Status, s.Certainty, s.CertainStatus);
}

/// <param name="Because">The reasons, before or after, of records that changed in between; where none did, those that hold now.</param>
public sealed record StatusChange(StandingBody Before, StandingBody After, bool Changed, IReadOnlyList<BecauseBody> Because);

public sealed record ModifierChanges(IReadOnlyList<ModifierBody> Added, IReadOnlyList<ModifierBody> Removed);

/// <param name="About">What the record is about, in few words.</param>
/// <param name="Change">opened, changed, corrected or withdrawn.</param>
/// <param name="Fields">Of a record that was known before: what differs, what follows from it for the day included. Of lists of items only those that differ.</param>
/// <param name="Events">Positions of the events in between, and Types their wire names.</param>
public sealed record RecordChange(string? Reference, string Kind, string? About, string Change, IReadOnlyList<ChangeBody> Fields, IReadOnlyList<long> Events, IReadOnlyList<string> Types);
