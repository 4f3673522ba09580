using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Occasions;

/// <summary>The form that describes an occasion.</summary>
static class OccasionForms
{
    static readonly Label describe = new("Nouvel événement", "New occasion", "مناسبة جديدة");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Of<DescribeOccasion>(describe, Field.Long("what").Must(), Field.Date("date") with { Hint = FormWords.DateHint }, Field.Text("dateAsGiven").Seldom(), Field.Text("place"),
            CommonFields.ReasonIfAny) with { Prepare = (r, f) => Task.FromResult(f.Plain(r) with { Finish = FormBodies.WithEmpty("date") }) },
    ];
}
