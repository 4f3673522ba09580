using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>
/// Corrections, refinements, reports, preferences and withdrawals, alike upon every kind of record: the fields that can be changed are those of
/// the record, or of the item of it that the form is about, with what they hold.
/// </summary>
static class CorrectionForms
{
    static readonly Label
        correction = new("Rectifier", "Correct", "تصحيح"),
        refinement = new("Préciser", "Refine", "تدقيق"),
        report = new("Ajouter l’avis d’une autre source", "Add what another source says", "إضافة رواية مصدر آخر"),
        preference = new("Choisir entre les avis", "Choose between the reports", "الترجيح بين الروايات"),
        withdrawal = new("Retirer", "Withdraw", "سحب");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        .. Of(RecordKinds.Meeting), .. Of(RecordKinds.Action), .. Of(RecordKinds.Instrument), .. Of(RecordKinds.Partnership), .. Of(RecordKinds.Person),
        .. Of(RecordKinds.Organisation), .. Of(RecordKinds.Source), .. Of(RecordKinds.Occasion),
    ];

    static IEnumerable<CommandForm> Of<T>(ServedKind<T> kind) where T : RecordState
    {
        static bool Stands(RecordState state) => !state.Withdrawn && state.MergedInto is null;
        yield return CommandForm.Of<CorrectRecord<T>>(correction, CommonFields.Reason) with { Offered = Stands, Prepare = (r, f) => Changing(r, f, FormWords.Unchanged) };
        yield return CommandForm.Of<RefineRecord<T>>(refinement, CommonFields.ReasonIfAny) with { Offered = Stands, Prepare = (r, f) => Changing(r, f, FormWords.Refining) };
        yield return CommandForm.Of<ReportOnRecord<T>>(report, CommonFields.ReasonIfAny) with { Offered = Stands, Prepare = (r, f) => Changing(r, f, FormWords.OtherSource, denied: true) };
        yield return CommandForm.Of<PreferReport<T>>(preference, [Field.Choice("report", noChoices).Must(), CommonFields.Reason, .. Raising(kind)]) with
        {
            Offered = s => Stands(s) && Choices(kind, s).Count > 0,
            Fit = (s, f) => f.Name == "report" ? f with { Choices = Choices(kind, s), InTheirOrder = true } : f,
            Prepare = (r, f) => Task.FromResult(f.Plain(r) with { Finish = Chosen }),
        };
        yield return CommandForm.Of<WithdrawRecord<T>>(withdrawal, Field.Ordered("of", noChoices) with { Nothing = FormWords.RecordItself }, CommonFields.Reason) with
        {
            Offered = s => s.MergedInto is null,
            Fit = (s, f) => f.Name != "of" ? f : RecordItems.ToWithdraw(kind, s) is { Count: > 0 } items ? f with { Choices = items } : null,
        };
    }

    static readonly Dictionary<string, Label> noChoices = [];

    static IReadOnlyList<FormField> Raising(IServedKind kind) => kind == RecordKinds.Meeting || kind == RecordKinds.Partnership ? CommonFields.Raised : [];

    // The fields of the record, or of the item that the address or the form names, before those of the form itself.
    static async Task<ReadyForm> Changing(FormRequest request, CommandForm form, Label lead, bool denied = false)
    {
        var (kind, state, language) = (request.Kind!, request.State!, request.Language);
        var of = Guid.TryParse(request.Given("of"), out var item) && state.PartOf(item) is not null ? item : (Guid?)null;
        var part = state.PartOf(of)!;
        var now = await ShownValues(request, part);
        var fields = new RecordFields(kind, state, of).Of(part, now, denied);
        var words = fields.Where(f => f.Group is null).ToDictionary(f => f.Name, f => RecordFields.Say(language, f, now[f.Name["fields.".Length..]]));
        var recorded = SentForm.Read(fields, new FormCollection(fields.ToDictionary(f => f.Name, f => RecordFields.Texts(f, At(now, f.Name)))));
        return new([Field.Hidden("of") with { Usual = of?.ToString() }, .. fields, .. form.Fields])
        {
            Lead = lead, IsTable = true, Recorded = words,
            Values = fields.ToDictionary(f => f.Name, f => (IReadOnlyList<string>)[.. RecordFields.Texts(f, At(now, f.Name)).OfType<string>()]),
            Links = RecordItems.Links(kind, state, of, language, form.Address(request.Name)),
            Finish = body => OnlyChanged(body, recorded.Body),
            Compare = body => Compared(body, now, fields, language),
        };
    }

    // As other pages show it: other records by their references.
    static async Task<JsonObject> ShownValues(FormRequest request, Part part)
    {
        var http = request.Http;
        var (store, clocks) = (http.RequestServices.GetRequiredService<Store.RegisterStore>(), http.RequestServices.GetRequiredService<TwoClocks>());
        var shown = new JsonObject { ["now"] = part.Now.DeepClone() };
        await RecordQueries.ShowReferences(shown, store, clocks, (await store.Head(http.RequestAborted)).Size, http.GetCaller(), http.RequestAborted);
        var now = (JsonObject)shown["now"]!;
        shown.Remove("now");
        if (part.Protected is { } closed) now.Remove(closed);
        return now;
    }

    static JsonNode? At(JsonObject now, string path)
    {
        JsonNode? at = now;
        foreach (var name in path.Split('.')[1..])
            at = at switch
            {
                JsonObject o => o[name],
                JsonArray a => int.TryParse(name, out var i) && i < a.Count ? a[i] : null,
                _ => null,
            };
        return at;
    }

    // What is as it was is not sent; what holds nothing any longer is cleared.
    static JsonObject OnlyChanged(JsonObject body, JsonObject recorded)
    {
        var (sent, was) = (body["fields"] as JsonObject ?? [], recorded["fields"] as JsonObject ?? []);
        var changed = new JsonObject();
        foreach (var field in sent.Select(f => f.Key).Concat(was.Select(f => f.Key)).Distinct().Where(f => !JsonNode.DeepEquals(sent[f], was[f])))
            changed[field] = sent[field]?.DeepClone();
        body["fields"] = changed;
        return body;
    }

    static FormComparison? Compared(JsonObject body, JsonObject now, IReadOnlyList<FormField> fields, Language language)
    {
        if (body["fields"] is not JsonObject { Count: > 0 } changed) return null;
        string Say(string name, JsonNode? value) => fields.FirstOrDefault(f => f.Name == $"fields.{name}") is { } field ? RecordFields.Say(language, field, value)
            : RecordFields.Say(language, fields, $"fields.{name}", value);
        return new(FormWords.WhatChanges, FormWords.RecordedNow, FormWords.NewValue,
            [.. changed.Select(c => (language.Say(FieldWords.Of(c.Key)), OrEmpty(language, Say(c.Key, now[c.Key])), OrEmpty(language, Say(c.Key, c.Value))))]);
    }

    static string OrEmpty(Language language, string text) => text.Length > 0 ? text : language.Say(Words.Empty);

    // One choice names the item, its field and the report.
    static IReadOnlyDictionary<string, Label> Choices(IServedKind kind, RecordState state)
    {
        var choices = new Dictionary<string, Label>();
        foreach (var reported in state.Reports ?? [])
            foreach (var reading in reported.Readings.Where(r => !r.Withdrawn && r.Event != reported.Preferred))
            {
                var part = state.PartOf(reported.Of);
                var type = part?.Fields.GetValueOrDefault(reported.Field, typeof(bool)) ?? typeof(bool);
                var field = new RecordFields(kind, state, reported.Of).Whole(reported.Field, type);
                string Word(Language l) => l.Say(FormWords.OfField, l.Say(FieldWords.Of(reported.Field)) + (reported.Of is { } of && RecordItems.Name(kind, state, of, l) is { } item ? $" ({item})" : ""),
                    OrEmpty(l, RecordFields.Say(l, field, reading.Value is { } value ? JsonNode.Parse(value.GetRawText()) : null)));
                choices[$"{reported.Of}|{reported.Field}|{reading.Event}"] = new(Word(Language.French), Word(Language.English), Word(Language.Arabic));
            }
        return choices;
    }

    static JsonObject Chosen(JsonObject body)
    {
        if ((string?)body["report"] is not { } chosen || chosen.Split('|') is not [var of, var field, var report]) return body;
        if (of.Length > 0) body["of"] = of;
        (body["field"], body["report"]) = (field, report);
        return body;
    }
}
