using SecurityCoop.Register;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Instruments;

/// <summary>Forms that open instruments, and forms upon them.</summary>
static class InstrumentForms
{
    const string Earlier = "earlier";

    static readonly Label
        act = new(
            "Enregistrer un acte (signature, ratification, entrée en vigueur…)", "Record an act (signature, ratification, entry into force…)",
            "تسجيل إجراء (توقيع، مصادقة، دخول حيز التنفيذ…)"),
        acts = new("Un acte sur plusieurs instruments", "One act on several instruments", "إجراء واحد على عدة صكوك"),
        actsHint = new("Une référence par ligne", "One reference a line", "مرجع في كل سطر"),
        allParties = new("– toutes les parties –", "– all parties –", "– جميع الأطراف –"),
        partyHint = new("Rien : toutes", "Nothing: all of them", "لا شيء: جميعها"),
        report = new("Seulement rapporté : l’état ne change pas", "Only reported: the status does not change", "رواية فقط: لا تتغير الحالة"),
        term = new("Fixer la durée", "Set the term", "تحديد المدة"),
        link = new("Lier à un autre instrument", "Link to another instrument", "الربط بصك آخر"),
        text = new("Déposer l’empreinte du texte", "Attach the text’s digest", "إرفاق بصمة النص"),
        review = new("Fixer la date de réexamen", "Set the review date", "تحديد تاريخ المراجعة"),
        open = new("Nouvel instrument", "New instrument", "صك جديد"),
        partiesHint = new("Une par ligne ; rien : notre côté et les partenaires", "One a line; nothing: our side and the partners", "طرف في كل سطر؛ لا شيء: جانبنا والشركاء");

    static readonly FormField[] actFields =
    [
        Field.Ordered("kind", Labels.InstrumentActs).Must(), CommonFields.On with { Hint = FormWords.UndatedHint }, Field.Text("onAsGiven").Seldom(), Field.Text("party") with { Hint = partyHint },
        Field.Date("expected"), Field.Text("expectedAsGiven").Seldom(), Field.Date("until").Seldom(), Field.Text("part").Seldom(),
        Field.Long("note") with { Hint = FormWords.CannotBeErased },
    ];

    static readonly FormField[] termFields =
    [
        Field.Ordered("kind", CodeWords.TermKinds), Field.Date("on"), Field.Text("onAsGiven").Seldom(), Field.Number("years"), Field.Number("noticeMonths"), Field.Date("agreedOn").Seldom(),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Of<RecordAct>(act, [.. actFields, new("report", FieldKind.Tick, report) { Rare = true }, CommonFields.ReasonIfAny]) with { Offered = s => !s.Withdrawn, Fit = Parties, Prepare = Acting },
        CommandForm.Of<SetInstrumentTerm>(term, [.. termFields.Select((f, i) => i == 0 ? f.Must() : f), CommonFields.ReasonIfAny]) with { Offered = s => !s.Withdrawn },
        CommandForm.Of<LinkInstrument>(link, Field.Ordered("kind", CodeWords.Links).Must(), Field.Reference("instrument", RecordKinds.Instrument).Must(), CommonFields.On,
            Field.Text("part").Seldom(), CommonFields.ReasonIfAny) with { Kind = RecordKinds.Instrument, Offered = s => !s.Withdrawn },
        CommandForm.Of<AttachInstrumentText>(text, Field.Text("sha256").Must(), Field.Text("language"), Field.Text("url"), Field.Long("note"), CommonFields.On.Seldom(),
            CommonFields.ReasonIfAny) with { Offered = s => !s.Withdrawn },
        CommandForm.Of<SetInstrumentReviewDate>(review, Field.Date("reviewOn").Must(), CommonFields.On.Seldom(), CommonFields.ReasonIfAny) with
        {
            Offered = s => !s.Withdrawn,
            Recorded = s => new Dictionary<string, string?> { ["reviewOn"] = ((Instrument)s).Details!.ReviewOn is { } on ? $"{on:yyyy-MM-dd}" : null },
        },
        CommandForm.Of<PlanInstrument>(open,
        [
            Field.Partners("partners").Must(), Field.Choice("kind", Vocabulary.Default.InstrumentKinds).Must(), Field.Text("title").Must(), Field.Choice("binding", CodeWords.Bindings),
            Field.Date("reviewOn"), Field.Topics(), Field.Reference("meeting", RecordKinds.Meeting), Field.Number("statement").Seldom(),
            .. actFields.Select(f => f with { Name = $"acts.0.{f.Name}", Required = false }).In("acts"),
            .. termFields.Select(f => f with { Name = $"term.{f.Name}" }).In("term"),
            .. new[] { Field.Ordered("effect.kind", CodeWords.Effects), Field.Number("effect.days"), Field.Date("effect.on") }.In("effect").Select(Field.Seldom),
            .. new[] { Field.Ordered("links.0.kind", CodeWords.OpeningLinks), Field.Reference("links.0.instrument", RecordKinds.Instrument), Field.Date("links.0.on") }.In("links").Select(Field.Seldom),
            Field.Lines("parties").Seldom() with { Hint = partiesHint }, CommonFields.ReasonIfAny,
        ]),
        CommandForm.Of<RecordActOnSeveral>(acts, [Field.Lines("instruments").Must() with { Hint = actsHint }, .. actFields, CommonFields.ReasonIfAny]) with
        {
            Prepare = (r, f) => Task.FromResult(f.Plain(r) with { Finish = FormBodies.WithEmpty("on") }),
        },
    ];

    static FormField Parties(RecordState state, FormField field) => field.Name != "party" || state is not Instrument i ? field
        : Field.Choice("party", CodeWords.Voices(i.Parties.Where(p => p != "home"), jointly: false)) with { Nothing = allParties };

    // Acts that the order of the world allows today. What happened before is learnt of in any order: then the days decide.
    static Task<ReadyForm> Acting(FormRequest request, CommandForm form)
    {
        var (all, instrument) = (request.Given(Earlier) == "true", (Instrument)request.State!);
        var today = request.Http.RequestServices.GetRequiredService<RegisterClock>().Today;
        var allowed = Labels.InstrumentActs.Where(a => all || MayFollow(instrument, a.Key, today)).ToDictionary(a => a.Key, a => a.Value);
        var (address, ready) = (form.Address(request.Name), form.Plain(request));
        return Task.FromResult(ready with
        {
            Fields = [.. ready.Fields.Select(f => f.Name == "kind" ? f with { Choices = allowed } : f), Field.Hidden(Earlier) with { Usual = all ? "true" : null }],
            Links = [new(address, request.Language.Say(FormWords.ActsNow), !all), new($"{address}?{Earlier}=true", request.Language.Say(FormWords.EarlierActs), all)],
            Finish = body =>
            {
                body.Remove(Earlier);
                return FormBodies.WithEmpty("on")(body);
            },
        });
    }

    /// <summary>Whether the model takes the act on the day, of all parties or of one.</summary>
    internal static bool MayFollow(Instrument instrument, string kind, DateOnly day) =>
        Slug.TryParse<ActKind>(kind, out var act) && instrument.Parties.Prepend(null).Any(party =>
        {
            try
            {
                instrument.Record(new Act { Kind = act, On = Edtf.On(day), Party = party }, null);
                return true;
            }
            catch (Refusal)
            {
                return false;
            }
        });
}
