using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Sources;

/// <summary>Forms that register sources, and forms upon them.</summary>
static class SourceForms
{
    static readonly Label
        register = new("Nouvelle source", "New source", "مصدر جديد"),
        digest = new("Ajouter une empreinte", "Add a digest", "إضافة بصمة"),
        note = new("Ajouter une note", "Add a note", "إضافة ملاحظة"),
        digestHint = new("64 chiffres hexadécimaux, en minuscules", "64 hexadecimal digits, in lower case", "64 رقما سداسيا عشريا بحروف صغيرة");

    static readonly FormField sha256 = Field.Text("sha256") with { Hint = digestHint };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Of<RecordSourceDigest>(digest, sha256.Must(), Field.Long("note"), CommonFields.ReasonIfAny) with { Offered = s => !s.Withdrawn },
        CommandForm.Of<AddSourceNote>(note, Field.Long("note").Must() with { Hint = FormWords.CannotBeErased }, CommonFields.On.Seldom(), CommonFields.ReasonIfAny) with { Offered = s => !s.Withdrawn },
        CommandForm.Of<RegisterSource>(register, Field.Text("title").Must(), Field.Text("publisher"), Field.Text("language"), Field.Date("published"), Field.Text("url"), sha256,
            Field.Ordered("reliability", CodeWords.Reliabilities), CommonFields.ReasonIfAny),
    ];
}
