using SecurityCoop.Register;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Meetings;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Partnerships;

/// <summary>Forms that open partnerships, and forms upon them.</summary>
static class PartnershipForms
{
    static readonly Label
        suspend = new("Suspendre", "Suspend", "تعليق"),
        resume = new("Reprendre", "Resume", "استئناف"),
        note = new("Ajouter une note", "Add a note", "إضافة ملاحظة"),
        period = new("Fixer la période de réexamen", "Set the review period", "تحديد فترة المراجعة"),
        focal = new("Désigner un point focal", "Assign a focal point", "تعيين نقطة اتصال"),
        statement = new("Ajouter une déclaration publique", "Add a public statement", "إضافة تصريح علني"),
        reclassify = new("Requalifier une déclaration", "Reclassify a statement", "إعادة تصنيف تصريح"),
        close = new("Clore", "Close", "إغلاق"),
        reopen = new("Rouvrir", "Reopen", "إعادة الفتح"),
        open = new("Ouvrir un partenariat", "Open a partnership", "فتح شراكة");

    static readonly Dictionary<string, Label> noChoices = [];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Of<AddPartnershipNote>(note, Field.Long("note").Must() with { Hint = FormWords.CannotBeErased }, CommonFields.On, CommonFields.ProtectFor, CommonFields.ReasonIfAny) with { Offered = Stands },
        CommandForm.Of<AddPublicStatement>(statement, StatementFields.Of(CommonFields.On)) with
        {
            Kind = RecordKinds.Partnership, Offered = Stands, Fit = StatementFields.Fit, Prepare = (r, f) => Task.FromResult(f.Plain(r) with { Finish = FormBodies.WithEmpty("on") }),
        },
        CommandForm.Of<ReclassifyPublicStatement>(reclassify, StatementFields.Reclassified()) with { Offered = s => Stands(s) && StatementFields.Numbers(s).Count > 0, Fit = StatementFields.Fit, Prepare = StatementFields.Numbered },
        CommandForm.Of<AssignFocalPoint>(focal,
            Field.Ordered("side", CodeWords.Sides).Must(), Field.Reference("person", RecordKinds.Person), Field.Text("office.title"), Field.Text("office.organisation"), Field.Tick("office.acting").Seldom(),
            CommonFields.On, CommonFields.ReasonIfAny) with { Offered = Stands },
        CommandForm.Of<SuspendPartnership>(suspend, TurnFields()) with { Offered = s => Stands(s) && !Life(s).Closed, Fit = By, Prepare = Undated },
        CommandForm.Of<ResumePartnership>(resume, TurnFields()) with { Offered = s => Stands(s) && ((Partnership)s).Turns.Any(t => !t.Withdrawn && t.Kind == TurnKind.Suspended), Fit = By, Prepare = Undated },
        CommandForm.Of<SetReviewPeriod>(period, Field.Number("months").Must(), CommonFields.ReasonIfAny) with
        {
            Offered = Stands, Recorded = s => new Dictionary<string, string?> { ["months"] = FormattableString.Invariant($"{((Partnership)s).ReviewMonths}") },
        },
        CommandForm.Of<ClosePartnership>(close, CommonFields.On, CommonFields.ReasonIfAny) with { Offered = s => Stands(s) && !Life(s).Closed },
        CommandForm.Of<ReopenPartnership>(reopen, CommonFields.On, CommonFields.ReasonIfAny) with { Offered = s => Stands(s) && Life(s).Closed },
        CommandForm.Of<OpenPartnership>(open, Field.Partner("partner").Must(), Field.Long("note") with { Hint = FormWords.CannotBeErased }, CommonFields.ReasonIfAny),
    ];

    static System.Collections.Immutable.ImmutableArray<FormField> TurnFields() => [Field.Ordered("by", noChoices).Must(), CommonFields.On, Field.Text("onAsGiven").Seldom(), Field.Text("part"), CommonFields.ReasonIfAny];

    

    static Task<ReadyForm> Undated(FormRequest request, CommandForm form) => Task.FromResult(form.Plain(request) with { Finish = FormBodies.WithEmpty("on") });

    static FormField By(RecordState state, FormField field) => field.Name == "by" ? field with { Choices = CodeWords.Voices([((Partnership)state).Details!.Partner]) } : field;

    static bool Stands(RecordState state) => !state.Withdrawn;

    // As everything that is recorded leaves it, whatever its day.
    static PartnershipLife Life(RecordState state) => ((Partnership)state).Turns.Where(t => !t.Withdrawn).InWorldOrder().Aggregate(default(PartnershipLife), (life, t) => life.After(t));
}
