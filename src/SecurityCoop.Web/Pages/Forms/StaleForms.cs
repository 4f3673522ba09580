using Microsoft.Extensions.Primitives;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>A field whose value somebody else changed while the form was open.</summary>
/// <param name="Opened">What it said when the form was opened, in words.</param>
/// <param name="Typed">What was typed; null: it was left as it was, and now holds what stands.</param>
/// <param name="Stands">What the record says now.</param>
public sealed record StaleField(string Field, string Opened, string? Typed, string Stands);

/// <summary>What happened to a record between the opening of a form and its sending.</summary>
/// <param name="Events">What others recorded meanwhile, as the record's story tells it, and when.</param>
/// <param name="Fields">Of a form whose fields hold the record's values, those that were changed.</param>
public sealed record StaleForm(IReadOnlyList<(string When, IReadOnlyList<IReadOnlyList<StoryPart>> Told)> Events, IReadOnlyList<StaleField> Fields);

/// <summary>
/// A form that was sent of a version that is no longer the newest: nothing is recorded, what was typed stays, and what others changed is shown beside it. A field
/// that was left as it was takes the value that stands now, so that sending the form again undoes nobody's change unseen.
/// </summary>
static class StaleForms
{
    /// <summary>What the form holds next, and what is said of it.</summary>
    /// <param name="ready">The form as it is upon the record as it stands now.</param>
    /// <param name="seen">The version upon which it was filled in.</param>
    internal static async Task<(Func<string, IReadOnlyList<string>> Values, StaleForm Stale)> Of(
        CommandForm form, FormRequest request, ReadyForm ready, long seen, IFormCollection sent)
    {
        var (http, language) = (request.Http, request.Language);
        var (caller, stop, services) = (http.GetCaller(), http.RequestAborted, http.RequestServices);
        var store = services.GetRequiredService<RegisterStore>();
        var history = await AuditEndpoints.History(request.Stream, caller, store, stop);
        List<EventBody> since = [.. history.Events.Skip((int)seen).Where(e => e.Withheld != true)];
        AuditEndpoints.Showed(http, since);
        var merged = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var changed = new List<StaleField>();
        if (seen > 0 && seen <= history.Events.Count)
        {
            var (_, then, _) = await request.Kind!.Get(
                services.GetRequiredService<Records>(), request.Stream, caller, stop, history.Events[(int)seen - 1].Position, itself: true);
            var opened = await form.Ready(request with { State = then });
            foreach (var field in ready.Fields.Concat(opened.Fields).DistinctBy(f => f.Name))
            {
                var (was, stands, typed) = (Held(opened, field.Name), Held(ready, field.Name), sent[field.Name]);
                if (Same(was, stands)) continue;
                var left = Same(typed, was);
                if (left) merged[field.Name] = stands;
                // What was typed and stands now is nothing to choose between.
                if (!Same(typed, stands)) changed.Add(new(Title(field, language), Say(field, was), left ? null : Say(field, typed), Say(field, stands)));
            }
        }
        var linked = await LinkedRecords.Load(
            since.SelectMany(e => Visibility.StreamsIn(e.Body)).Select(v => v.GetValue<string>()), (await store.Head(stop)).Size, language, store,
            services.GetRequiredService<TwoClocks>(), new Opener(store, caller, stop), stop, names: false);
        var clock = services.GetRequiredService<RegisterClock>();
        var items = RecordItems.Names(request.Kind!, request.State!, language);
        var told = since.Select(e => (language.Say(e.RecordedAt!.Value, clock), Story.Of(e, language, clock, linked, items)));
        return (f => merged.TryGetValue(f, out var held) ? held : [.. sent[f].OfType<string>()], new([.. told], changed));

        string Say(FormField field, IReadOnlyList<string> texts) =>
            RecordFields.Say(language, field, new JsonArray([.. texts.Where(t => t.Length > 0).Select(t => (JsonNode)t)])) is { Length: > 0 } words ? words : language.Say(Words.Empty);
    }

    // Of a field that is one of several of its name, whose it is: "Participant 2, Office".
    static string Title(FormField field, Language l) => field.Group is { } group
        ? $"{(group.Number is { } n ? l.Say(FormWords.GroupOf, l.Say(group.Label), l.Say(n)) : l.Say(group.Label))}{l.Comma}{l.Say(field.Label)}" : l.Say(field.Label);

    static IReadOnlyList<string> Held(ReadyForm form, string field) => form.Values.GetValueOrDefault(field)
        ?? (form.Fields.FirstOrDefault(f => f.Name == field)?.Usual is { } usual ? [usual] : []);

    static bool Same(IReadOnlyList<string?> one, IReadOnlyList<string?> other) => Plain(one).SequenceEqual(Plain(other));

    static bool Same(StringValues one, IReadOnlyList<string> other) => Same((IReadOnlyList<string?>)one, other);

    static IEnumerable<string> Plain(IEnumerable<string?> texts) =>
        texts.Select(t => (t ?? "").ReplaceLineEndings("\n").Trim()).Where(t => t.Length > 0).Order(StringComparer.Ordinal);
}
