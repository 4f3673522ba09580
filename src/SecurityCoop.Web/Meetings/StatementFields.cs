using System.Collections.Immutable;
using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Meetings;

/// <summary>Fields of statements, made at a meeting or outside any.</summary>
static class StatementFields
{
    static readonly Dictionary<string, Label> noChoices = [];

    /// <summary>The fields of one statement.</summary>
    /// <param name="before">What is asked for first.</param>
    public static ImmutableArray<FormField> Of(params ReadOnlySpan<FormField> before) =>
    [
        .. before, Field.Long("text") with { Hint = FormWords.CannotBeErased }, Field.Ordered("force", Labels.Forces).Must(), Field.Ordered("speaker", noChoices).Must(), Field.Topics(),
        Field.Tick("formulaic"), Field.Text("region").Seldom(), Field.Text("classifiedBy").Seldom(), CommonFields.ProtectFor, .. CommonFields.Raised, CommonFields.ReasonIfAny,
    ];

    /// <summary>The fields of another reading of a statement.</summary>
    public static ImmutableArray<FormField> Reclassified() =>
    [
        Field.Ordered("number", noChoices).Must(), Field.Ordered("force", Labels.Forces).Must(), CommonFields.Reason, Field.Text("classifiedBy"), CommonFields.On.Seldom(), .. CommonFields.Raised,
    ];

    /// <summary>The choices that a record leaves: who may speak, and which statements there are.</summary>
    public static FormField Fit(RecordState state, FormField field) => field.Name switch
    {
        "speaker" => field with { Choices = CodeWords.Voices(state is Meeting m ? m.Details!.Partners : [((Partnership)state).Details!.Partner]) },
        "number" => field with { Choices = Numbers(state), Kind = FieldKind.Choice },
        _ => field,
    };

    /// <summary>Makes the number of the chosen statement one.</summary>
    internal static Task<ReadyForm> Numbered(FormRequest request, CommandForm form) => Task.FromResult(form.Plain(request) with { Finish = FormBodies.WithNumber("number") });

    /// <summary>The statements that stand, by number.</summary>
    public static IReadOnlyDictionary<string, Label> Numbers(RecordState state) =>
        (state is Meeting m ? m.Statements : ((Partnership)state).Statements).Where(s => !s.Withdrawn).ToDictionary(s => FormattableString.Invariant($"{s.Said.Number}"), s =>
        {
            string Word(Language l) => l.Say(FormWords.OfField, l.Say(s.Said.Number), string.Join(l.Comma, new[] { l.Say(Labels.Forces[Slug.Of(s.Said.Force)]), s.Said.Text }.OfType<string>()));
            return new Label(Word(Language.French), Word(Language.English), Word(Language.Arabic));
        });
}
