using SecurityCoop.Register;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.People;

/// <summary>Forms by which a person's protected values are erased, or kept for a proceeding.</summary>
static class ErasureForms
{
    static readonly Label
        request = new("Demander l’effacement", "Ask for erasure", "طلب المحو"),
        approve = new("Approuver l’effacement", "Approve the erasure", "الموافقة على المحو"),
        cancel = new("Annuler la demande d’effacement", "Take back the request for erasure", "سحب طلب المحو"),
        hold = new("Obliger à conserver", "Place a legal hold", "فرض الحفظ الإلزامي"),
        release = new("Lever l’obligation de conservation", "Release the legal hold", "رفع الحفظ الإلزامي"),
        basisHint = new(
            "En clair pour toujours, comme le motif : aucun nom ici", "In the clear for ever, like the reason: no name belongs here", "نص مكشوف دائما مثل السبب: لا مكان هنا لأي اسم"),
        the = new("L’obligation, s’il y en a plusieurs", "The hold, where there are several", "الحفظ المعني إن تعدد");

    static readonly FormField basis = Field.Text("legalBasis").Must() with { Hint = basisHint };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Only<RequestErasure>(request, basis, CommonFields.Reason) with { Kind = RecordKinds.Person, Offered = s => s is Person { Erased: null, ErasureRequested: null } },
        CommandForm.Only<ApproveErasure>(approve, CommonFields.Reason) with { Kind = RecordKinds.Person, Offered = IsRequested },
        CommandForm.Only<CancelErasure>(cancel, CommonFields.Reason) with { Kind = RecordKinds.Person, Offered = IsRequested },
        CommandForm.Only<PlaceHold>(hold, basis, CommonFields.Reason) with { Offered = s => s is Person { Erased: null } },
        CommandForm.Only<ReleaseHold>(release, new FormField("of", FieldKind.Choice, the) { Choices = new Dictionary<string, Label>() }, CommonFields.Reason) with
        {
            Offered = s => Holds(s).Count > 0, Fit = (s, f) => f.Name == "of" ? f with { Choices = Holds(s), Usual = Holds(s).Count == 1 ? Holds(s).Keys.Single() : null } : f,
        },
    ];

    static bool IsRequested(RecordState state) => state is Person { Erased: null, ErasureRequested: not null };

    static Dictionary<string, Label> Holds(RecordState state) =>
        ((Person)state).Holds.Where(h => !h.Released).ToDictionary(h => h.Event.ToString(), h => new Label(h.LegalBasis, h.LegalBasis, h.LegalBasis));
}
