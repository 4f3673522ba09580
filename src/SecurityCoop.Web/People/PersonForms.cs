using SecurityCoop.Register;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.People;

/// <summary>Forms that describe people, and forms upon them.</summary>
static class PersonForms
{
    static readonly Label
        describe = new("Nouvelle personne", "New person", "شخص جديد"),
        variant = new("Ajouter une forme du nom", "Add another form of the name", "إضافة صيغة أخرى للاسم"),
        office = new("Enregistrer une fonction", "Record an office", "تسجيل منصب"),
        nameHint = new("Protégé : jamais enregistré en clair", "Protected: never stored in the clear", "محمي: لا يخزن مكشوفا أبدا"),
        scriptHint = new("Code de l’écriture : Latn, Arab…", "Code of the script: Latn, Arab…", "رمز الكتابة: Latn أو Arab"),
        organisationHint = new("Référence d’un organisme, ou son nom", "Reference of an organisation, or its name", "مرجع هيئة أو اسمها");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Of<AddNameVariant>(variant, Field.Text("name").Must() with { Hint = nameHint }, Field.Text("script") with { Hint = scriptHint }, Field.Tick("erroneous"), CommonFields.ReasonIfAny) with
        {
            Offered = Readable,
        },
        CommandForm.Of<RecordPersonOffice>(office, Field.Text("title").Must(), Field.Text("organisation") with { Hint = organisationHint }, Field.Date("from"), Field.Date("until"), Field.Tick("acting"),
            CommonFields.ReasonIfAny) with { Offered = s => !s.Withdrawn },
        CommandForm.Of<DescribePerson>(describe, Field.Text("name").Must() with { Hint = nameHint }, Field.Text("script") with { Hint = scriptHint }, Field.Partner("country"),
            Field.Text("contact") with { Hint = nameHint }, CommonFields.ReasonIfAny),
    ];

    static bool Readable(RecordState state) => !state.Withdrawn && ((Person)state).Erased is null;
}
