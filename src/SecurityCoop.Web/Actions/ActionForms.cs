using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Actions;

/// <summary>Forms that open actions, and forms upon them.</summary>
static class ActionForms
{
    static readonly Label
        followUp = new("Suivi", "Follow-up", "تتبع"),
        meetingHint = new("Référence de la rencontre où il en fut question", "Reference of the meeting at which it was raised", "مرجع اللقاء الذي أثير فيه"),
        agree = new("Nouvelle action", "New action", "إجراء جديد"),
        assign = new("Désigner le responsable", "Assign", "تعيين المسؤول"),
        due = new("Fixer l’échéance", "Set the due date", "تحديد الأجل"),
        dueHint = new("Rien : sans échéance désormais", "Nothing: undated from now on", "لا شيء: بلا أجل من الآن"),
        review = new("Fixer la date de réexamen", "Set the review date", "تحديد تاريخ المراجعة"),
        verify = new("Confirmer que c’est fait", "Confirm that it was done", "تأكيد الإنجاز"),
        reopen = new("Rouvrir", "Reopen", "إعادة الفتح"),
        drop = new("Abandonner", "Drop", "التخلي"),
        supersede = new("Remplacer par une autre action", "Supersede by another action", "استبدال بإجراء آخر"),
        sameState = new("– comme avant –", "– as before –", "– كما كانت –"),
        by = new("Action qui la remplace", "Action that takes its place", "الإجراء الذي يحل محله");

    /// <summary>What a follow-up says, and the state that it leaves.</summary>
    public static readonly Label
        Note = new("Ce qu’il en est", "What came of it", "ما آلت إليه الأمور"),
        NewState = new("Nouvel état", "New state", "الحالة الجديدة");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Of<RecordFollowUp>(followUp,
        [
            new("note", FieldKind.LongText, Note) { Required = true, Hint = FormWords.CannotBeErased },
            CommonFields.OnOrToday,
            new("state", FieldKind.Choice, NewState) { Choices = Labels.ActionStates, InTheirOrder = true, Nothing = sameState },
            Field.Date("nextReview"),
            new("meeting", FieldKind.Text, FieldWords.Of("meeting")) { Hint = meetingHint },
            CommonFields.ProtectFor,
            CommonFields.ReasonIfAny,
        ]) with { Offered = Stands },
        CommandForm.Of<VerifyAction>(verify, CommonFields.OnOrToday, CommonFields.ReasonIfAny) with { Offered = s => May(s, ActionState.Verified) },
        CommandForm.Of<ReopenAction>(reopen, CommonFields.OnOrToday, CommonFields.ReasonIfAny) with { Offered = s => May(s, ActionState.Agreed) },
        CommandForm.Of<SetActionDueDate>(due, Field.Date("due") with { Hint = dueHint }, Field.Text("dueAsGiven").Seldom(), CommonFields.On, CommonFields.ReasonIfAny) with
        {
            Offered = s => IsOpen(s) && ((AgreedAction)s).Details!.Standing is null,
            Recorded = s => new Dictionary<string, string?> { ["due"] = ((AgreedAction)s).Details!.Due?.Text },
            Prepare = (r, f) => Task.FromResult(f.Plain(r) with { Finish = FormBodies.WithEmpty("due") }),
        },
        CommandForm.Of<SetActionReviewDate>(review, Field.Date("reviewOn").Must(), CommonFields.On.Seldom(), CommonFields.ReasonIfAny) with
        {
            Offered = IsOpen, Recorded = s => new Dictionary<string, string?> { ["reviewOn"] = ((AgreedAction)s).Details!.ReviewOn is { } on ? $"{on:yyyy-MM-dd}" : null },
        },
        CommandForm.Of<AssignAction>(assign, Field.Text("owner").Must() with { Hint = FormWords.OwnerHint }, CommonFields.On, CommonFields.ReasonIfAny) with
        {
            Offered = IsOpen, Recorded = s => new Dictionary<string, string?> { ["owner"] = ((AgreedAction)s).Details!.Owner },
        },
        CommandForm.Of<DropAction>(drop, CommonFields.OnOrToday, CommonFields.ReasonIfAny) with { Offered = s => May(s, ActionState.Dropped) },
        CommandForm.Of<SupersedeAction>(supersede, new("by", FieldKind.Text, by) { Hint = FormWords.ReferenceHint("action") }, CommonFields.On, CommonFields.ReasonIfAny) with
        {
            Offered = s => May(s, ActionState.Superseded),
        },
        CommandForm.Of<AgreeAction>(agree,
            Field.Partner("partner").Must(), Field.Long("what").Must() with { Hint = FormWords.CannotBeErased }, Field.Choice("owedBy", CodeWords.OwedBy).Must(), CommonFields.On,
            Field.Date("due"), Field.Text("dueAsGiven").Seldom(), Field.Text("standing").Seldom(), Field.Tick("windsDown").Seldom(), Field.Date("reviewOn"),
            Field.Text("owner") with { Hint = FormWords.OwnerHint }, Field.Topics(), Field.Reference("meeting", RecordKinds.Meeting), Field.Number("statement").Seldom(), CommonFields.ReasonIfAny),
        SeveralFollowUps.Form,
    ];

    static bool Stands(RecordState state) => !state.Withdrawn;

    static bool IsOpen(RecordState state) => Stands(state) && !ActionStates.IsClosed(((AgreedAction)state).State);

    // By the model's own table: what may follow the state in which it stands.
    static bool May(RecordState state, ActionState to) => Stands(state) && state is AgreedAction a && a.State != to && ActionStates.Allows(a.State, to)
        && (a.Details!.Standing is null || ActionStates.AllowsStanding(to));
}
