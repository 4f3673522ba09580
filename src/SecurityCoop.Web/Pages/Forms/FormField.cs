using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>How a field is filled in, and what becomes of its text in the body of the command.</summary>
public enum FieldKind
{
    /// <summary>One line; a text.</summary>
    Text,
    /// <summary>Several lines; a text.</summary>
    LongText,
    /// <summary>A date as people write it; EDTF, or the words for the server's reader of dates.</summary>
    Date,
    /// <summary>A whole number.</summary>
    Number,
    /// <summary>One of the choices; its code.</summary>
    Choice,
    /// <summary>Any of the choices; a list of codes.</summary>
    Several,
    /// <summary>Yes, or nothing said.</summary>
    Tick,
    /// <summary>One text a line; a list.</summary>
    Lines,
}

/// <summary>A field of a form.</summary>
/// <param name="Name">Where its value stands in the body: names and places in lists, separated by dots ("source.0.document").</param>
/// <param name="Kind">How it is filled in.</param>
/// <param name="Label">What it is called.</param>
public sealed record FormField(string Name, FieldKind Kind, Label Label)
{
    /// <summary>Whether the label says that it must be given. The command decides, not the browser.</summary>
    public bool Required { get; init; }

    /// <summary>What helps to fill it in; null: nothing.</summary>
    public Label? Hint { get; init; }

    /// <summary>What may be chosen, by code; null: it is no choice.</summary>
    public IReadOnlyDictionary<string, Label>? Choices { get; init; }

    /// <summary>What it holds before anybody fills it in; null: nothing.</summary>
    public string? Usual { get; init; }

    /// <summary>Whether it stands folded away, since few need it.</summary>
    public bool Rare { get; init; }

    /// <summary>The address of the field within its page.</summary>
    public string Id => $"f-{Name}";

    /// <summary>The most characters that the browser lets in.</summary>
    public int Longest => Limits.OfText(Name[(Name.LastIndexOf('.') + 1)..]);

    /// <summary>The codes in the order in which a page offers them: by what they are called, or as they come where they are ordered.</summary>
    public IEnumerable<(string Code, string Word)> Offered(Language language)
    {
        var all = Choices!.Select(c => (Code: c.Key, Word: language.Say(c.Value)));
        return InTheirOrder ? all : language.InOrder(all, c => c.Word);
    }

    /// <summary>Whether the choices have an order of their own, as markings do.</summary>
    public bool InTheirOrder { get; init; }
}

/// <summary>Fields that many forms have.</summary>
static class CommonFields
{
    /// <summary>Why; corrections and withdrawals must say it.</summary>
    public static FormField Reason { get; } = new("reason", FieldKind.LongText, FormWords.Reason) { Required = true };

    /// <summary>The day on which it happened.</summary>
    public static FormField On { get; } = new("on", FieldKind.Date, FormWords.On) { Hint = FormWords.DateHint };

    /// <summary>Where it is written, how far it is believed, and who may see it.</summary>
    public static IReadOnlyList<FormField> Rest { get; } =
    [
        new("source.0.document", FieldKind.Text, FormWords.SourceDocument) { Hint = FormWords.SourceHint },
        new("source.0.paragraph", FieldKind.Number, FormWords.SourceParagraph),
        new("source.0.sentence", FieldKind.Number, FormWords.SourceSentence),
        new("credibility", FieldKind.Choice, FormWords.Credibility) { Choices = FormWords.Credibilities, InTheirOrder = true, Rare = true },
        new("marking", FieldKind.Choice, Words.Marking) { Choices = Labels.Markings, InTheirOrder = true, Hint = FormWords.MarkingHint, Rare = true },
        new("groups", FieldKind.Lines, FormWords.Groups) { Hint = FormWords.GroupsHint, Rare = true },
        new("homeOrganisation", FieldKind.Text, FormWords.HomeOrganisation) { Hint = FormWords.HomeHint, Rare = true },
        new("onBehalfOf", FieldKind.Text, FormWords.OnBehalfOf) { Rare = true },
    ];

    /// <summary>Why, where nobody must say it.</summary>
    public static FormField ReasonIfAny { get; } = new("reason", FieldKind.LongText, FormWords.Reason) { Rare = true };
}
