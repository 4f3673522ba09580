using System.Text.Json;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;

namespace SecurityCoop.Register.Meetings;

/// <summary>
/// Partners that a meeting exchanges are exchanged in what was said and agreed there, in the same command: the speaker of its statements, the partner of the
/// actions and instruments that they opened. What cannot be carried along is refused by name (model.md, "Settled in November 2026", On file).
/// </summary>
static class Carrying
{
    public static void Decide(Meeting before, Meeting after, Decided decided)
    {
        var (gone, come) = (before.Details!.Partners.Except(after.Details!.Partners).ToList(), after.Details.Partners.Except(before.Details.Partners).ToList());
        if (gone.Count == 0) return;
        var instead = gone.Count == come.Count ? gone.Zip(come).ToDictionary(p => p.First, p => p.Second) : [];
        var stream = decided.All[0].Stream;
        foreach (var s in after.Statements.Where(s => !s.Withdrawn))
        {
            if (gone.Contains(s.Said.Speaker))
                decided.Add(new(stream, after.Correct(new(Field("speaker", Of(instead, s.Said.Speaker, $"{after.Reference}, {s.Said.Number}")), s.Event))));
            foreach (var child in s.Said.Opens ?? []) Carry(child, decided.State(child), gone, instead, decided);
        }
    }

    static void Carry(string stream, RecordState? child, List<string> gone, Dictionary<string, string> instead, Decided decided)
    {
        switch (child)
        {
            case AgreedAction { Withdrawn: false, Details: { } d } a when gone.Contains(d.Partner):
                decided.Add(new(stream, a.Correct(new(Field("partner", Of(instead, d.Partner, a.Reference))))));
                break;
            case Instrument { Withdrawn: false, Details: { } d } i when d.Partners.Any(gone.Contains):
                foreach (var partner in d.Partners.Where(gone.Contains)) _ = Of(instead, partner, i.Reference);
                decided.Add(new(stream, i.Exchange(instead)));
                break;
        }
    }

    // Whom the meeting has instead; of a partner that is only left out, what it said or owes has nobody else.
    static string Of(Dictionary<string, string> instead, string gone, string? record) =>
        instead.GetValueOrDefault(gone) ?? throw Refusal.Because("not-carried", record ?? "", gone);

    internal static Dictionary<string, JsonElement> Field(string name, object value) =>
        new() { [name] = Part.Element(value is string text ? System.Text.Json.Nodes.JsonValue.Create(text) : new System.Text.Json.Nodes.JsonArray([.. ((IReadOnlyList<string>)value).Select(v => (System.Text.Json.Nodes.JsonNode)v)])) };
}
