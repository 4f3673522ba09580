using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Markings;

/// <summary>Forms that mark a record of any kind, or a part of it, higher or lower.</summary>
static class MarkingForms
{
    static readonly Label
        raise = new("Relever la mention", "Raise the marking", "رفع درجة السرية"),
        ask = new("Demander une mention plus basse", "Ask for a lower marking", "طلب خفض درجة السرية"),
        grant = new("Accorder une mention plus basse", "Grant a lower marking", "الموافقة على خفض درجة السرية");

    static readonly Dictionary<string, Label> noChoices = [];

    static readonly FormField
        marking = Field.Ordered("marking", Labels.Markings),
        groups = Field.Lines("groups") with { Hint = FormWords.GroupsHint },
        of = Field.Ordered("of", noChoices) with { Nothing = FormWords.RecordItself };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Only<RaiseMarking>(raise, of, marking, groups, CommonFields.Reason) with { Offered = s => !s.Withdrawn, Fit = Parts },
        CommandForm.Only<AskLowering>(ask, of, marking, groups, CommonFields.Reason) with { Offered = s => !s.Withdrawn, Fit = Parts },
        CommandForm.Only<LowerMarking>(grant, Field.Ordered("asked", noChoices).Must(), CommonFields.Reason) with { Offered = s => !s.Withdrawn && s.LoweringsAsked is { Count: > 0 }, Fit = Asked },
    ];

    static FormField? Parts(RecordState state, FormField field) => field.Name != "of" ? field : RecordItems.Marked(state) is { Count: > 0 } parts ? field with { Choices = parts } : null;

    static FormField Asked(RecordState state, FormField field) => field.Name != "asked" ? field : field with
    {
        Choices = (state.LoweringsAsked ?? []).ToDictionary(a => a.Event.ToString(), a =>
        {
            string Word(Language l) => string.Join(l.Comma, new[] { l.Say(Labels.Markings, Slug.Of(a.Marking)) }.Concat(a.Groups ?? []).Append(a.Reason).OfType<string>());
            return new Label(Word(Language.French), Word(Language.English), Word(Language.Arabic));
        }),
    };
}
