using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Actions;

/// <summary>Forms upon actions.</summary>
static class ActionForms
{
    static readonly Label
        followUp = new("Suivi", "Follow-up", "تتبع"),
        note = new("Ce qu’il en est", "What came of it", "ما آلت إليه الأمور"),
        state = new("Nouvel état", "New state", "الحالة الجديدة"),
        nextReview = new("Prochain réexamen", "Next review", "المراجعة المقبلة"),
        meeting = new("Rencontre", "Meeting", "اللقاء"),
        meetingHint = new("Référence de la rencontre où il en fut question", "Reference of the meeting at which it was raised", "مرجع اللقاء الذي أثير فيه");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Of<RecordFollowUp>(followUp,
        [
            new("note", FieldKind.LongText, note) { Required = true, Hint = FormWords.CannotBeErased },
            CommonFields.On,
            new("state", FieldKind.Choice, state) { Choices = Labels.ActionStates, InTheirOrder = true },
            new("nextReview", FieldKind.Date, nextReview),
            new("meeting", FieldKind.Text, meeting) { Hint = meetingHint },
            CommonFields.ReasonIfAny,
        ]),
    ];
}
