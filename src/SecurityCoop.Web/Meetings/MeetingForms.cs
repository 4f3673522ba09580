using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Meetings;

/// <summary>Forms upon meetings. The form that records one is a page of its own.</summary>
static class MeetingForms
{
    static readonly Label
        statement = new("Ajouter une déclaration", "Add a statement", "إضافة تصريح"),
        reclassify = new("Requalifier une déclaration", "Reclassify a statement", "إعادة تصنيف تصريح"),
        identify = new("Identifier un participant", "Identify a participant", "تحديد هوية مشارك"),
        hold = new("La rencontre a eu lieu", "The meeting was held", "انعقد اللقاء"),
        postpone = new("Reporter la rencontre", "Postpone the meeting", "تأجيل اللقاء"),
        newDate = new("Nouvelle date", "New date", "التاريخ الجديد"),
        newDateHint = new("Rien : à une date encore inconnue", "Nothing: to a day not yet known", "لا شيء: إلى تاريخ لم يعرف بعد"),
        postponedOn = new("Reportée le", "Postponed on", "تاريخ قرار التأجيل"),
        cancel = new("Annuler la rencontre", "Cancel the meeting", "إلغاء اللقاء"),
        validate = new("Valider", "Validate", "اعتماد"),
        participant = new("Côté et participant", "Side and participant", "الجانب والمشارك");

    static readonly Dictionary<string, Label> noChoices = [];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Of<AddMeetingStatements>(statement, StatementFields.Of()) with { Kind = RecordKinds.Meeting, Offered = s => May(s, MeetingStep.AddStatement), Fit = StatementFields.Fit },
        CommandForm.Of<ReclassifyMeetingStatement>(reclassify, StatementFields.Reclassified()) with
        {
            Offered = s => May(s, MeetingStep.Reclassify) && StatementFields.Numbers(s).Count > 0, Fit = StatementFields.Fit, Prepare = StatementFields.Numbered,
        },
        CommandForm.Of<HoldMeeting>(hold,
            Field.Date("date"), Field.Text("dateAsGiven").Seldom(), Field.Text("place"), Field.Choice("kind", Vocabulary.Default.MeetingKinds), Field.Partners("partners").Seldom(),
            Field.Reference("partOf", RecordKinds.Meeting).Seldom(), CommonFields.ReasonIfAny) with
        {
            Offered = s => May(s, MeetingStep.Hold), Recorded = s => new Dictionary<string, string?> { ["date"] = ((Meeting)s).Details!.Date.Text, ["place"] = ((Meeting)s).Details!.Place },
        },
        CommandForm.Of<PostponeMeeting>(postpone,
            new("date", FieldKind.Date, newDate) { Hint = newDateHint }, Field.Text("dateAsGiven").Seldom(), new("on", FieldKind.Date, postponedOn), Field.Choice("by", noChoices), CommonFields.ReasonIfAny) with
        {
            Offered = s => May(s, MeetingStep.Postpone), Fit = By, Prepare = (r, f) => Task.FromResult(f.Plain(r) with { Finish = FormBodies.WithEmpty("date") }),
        },
        CommandForm.Of<CancelMeeting>(cancel, CommonFields.On, Field.Choice("by", noChoices), CommonFields.ReasonIfAny) with { Offered = s => May(s, MeetingStep.Cancel), Fit = By },
        CommandForm.Of<IdentifyParticipant>(identify, new("index", FieldKind.Choice, participant) { Choices = noChoices, InTheirOrder = true, Required = true },
            Field.Reference("person", RecordKinds.Person).Must(), CommonFields.ReasonIfAny) with
        {
            Offered = s => May(s, MeetingStep.Identify) && Unidentified((Meeting)s).Count > 0,
            Fit = (s, f) => f.Name == "index" ? f with { Choices = Unidentified((Meeting)s) } : f,
            Prepare = (r, f) => Task.FromResult(f.Plain(r) with { Finish = Participant }),
        },
        CommandForm.Of<ValidateMeeting>(validate, CommonFields.On, CommonFields.ReasonIfAny) with { Offered = s => May(s, MeetingStep.Validate) && !((Meeting)s).Validated },
    ];

    // By the model's own table of steps.
    static bool May(RecordState state, MeetingStep step) => !state.Withdrawn && state is Meeting m && MeetingSteps.Of(m.State, step) == ".";

    static FormField By(RecordState state, FormField field) => field.Name == "by" ? field with { Choices = CodeWords.Voices(((Meeting)state).Details!.Partners), InTheirOrder = true } : field;

    // Who sat there and is no person on record yet: one choice says the side and the place on it.
    static IReadOnlyDictionary<string, Label> Unidentified(Meeting meeting)
    {
        var choices = new Dictionary<string, Label>();
        foreach (var (side, people) in new[] { (Side.Home, meeting.Details!.Home), (Side.Partner, meeting.Details.PartnerSide) })
            foreach (var (p, i) in (people ?? []).Select((p, i) => (p, i)).Where(p => p.p.Person is null))
            {
                string Word(Language l) => l.Say(FormWords.OfField, l.Say(CodeWords.Sides[Slug.Of(side)]), p.Description ?? p.Office?.Title ?? l.Say(i + 1));
                choices[FormattableString.Invariant($"{Slug.Of(side)}.{i}")] = new(Word(Language.French), Word(Language.English), Word(Language.Arabic));
            }
        return choices;
    }

    static System.Text.Json.Nodes.JsonObject Participant(System.Text.Json.Nodes.JsonObject body)
    {
        if ((string?)body["index"] is { } chosen && chosen.Split('.') is [var side, var index] && int.TryParse(index, out var place)) (body["side"], body["index"]) = (side, place);
        return body;
    }
}
