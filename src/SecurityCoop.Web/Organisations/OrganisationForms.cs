using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Organisations;

/// <summary>Forms that describe organisations, and forms upon them.</summary>
static class OrganisationForms
{
    static readonly Label
        describe = new("Nouvel organisme", "New organisation", "هيئة جديدة"),
        rename = new("Changement de nom", "Change of name", "تغيير الاسم"),
        code = new("En faire un partenaire", "Make it a partner", "جعلها شريكا"),
        codeHint = new(
            "3 à 16 capitales ou chiffres, une lettre d’abord ; définitif", "3 to 16 capitals or digits, a letter first; for ever", "من 3 إلى 16 حرفا لاتينيا كبيرا أو رقما، أولها حرف؛ نهائي");

    static readonly FormField[] names =
    [
        .. new[] { Field.Text("names.fr"), Field.Text("names.en"), Field.Text("names.ar") }.In("names"),
        .. new[] { Field.Text("acronyms.fr"), Field.Text("acronyms.en"), Field.Text("acronyms.ar") }.In("acronyms"),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Of<RenameOrganisation>(rename, [.. names, CommonFields.On, CommonFields.ReasonIfAny]) with
        {
            Offered = s => !s.Withdrawn, Prepare = (r, f) => Task.FromResult(f.Plain(r) with { Finish = FormBodies.WithEmpty("on") }),
        },
        CommandForm.Of<GivePartnerCode>(code, Field.Text("code").Must() with { Hint = codeHint }, CommonFields.ReasonIfAny) with
        {
            Kind = RecordKinds.Organisation, Offered = s => s is Organisation { Withdrawn: false, PartnerCode: null },
        },
        CommandForm.Of<DescribeOrganisation>(describe, [.. names, Field.Partner("country"), Field.Reference("partOf", RecordKinds.Organisation), Field.Tick("service").Seldom(), CommonFields.ReasonIfAny]),
    ];
}
