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
    /// <summary>Yes or no; true or false.</summary>
    YesNo,
    /// <summary>A partner's code or name; its code.</summary>
    Partner,
    /// <summary>One partner a line, by code or name; a list of codes.</summary>
    Partners,
    /// <summary>Not filled in: the form keeps it; a text.</summary>
    Hidden,
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

    /// <summary>What it means where nothing is chosen.</summary>
    public Label Nothing { get; init; } = FormWords.NotSaid;

    /// <summary>What it holds before anybody fills it in; null: nothing.</summary>
    public string? Usual { get; init; }

    /// <summary>Of what it is a part, as fields of one participant are; null: it stands alone.</summary>
    public FieldGroup? Group { get; init; }

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

    /// <summary>Whether the codes of the choices are numbers: the body holds a number then.</summary>
    public bool InNumbers { get; init; }

    /// <summary>Whether the choices have an order of their own, as markings do.</summary>
    public bool InTheirOrder { get; init; }
}

/// <summary>Several fields that belong together.</summary>
/// <param name="Label">What they are called.</param>
/// <param name="Number">Which one of several they describe, counted from 1; null: there is one only.</param>
public sealed record FieldGroup(Label Label, int? Number = null);

/// <summary>Fields under the names that <see cref="FieldWords"/> gives them.</summary>
static class Field
{
    public static FormField Text(string name) => new(name, FieldKind.Text, FieldWords.Of(name));
    public static FormField Long(string name) => new(name, FieldKind.LongText, FieldWords.Of(name));
    public static FormField Date(string name) => new(name, FieldKind.Date, FieldWords.Of(name));
    public static FormField Number(string name) => new(name, FieldKind.Number, FieldWords.Of(name));
    public static FormField Tick(string name) => new(name, FieldKind.Tick, FieldWords.Of(name));
    public static FormField Lines(string name) => new(name, FieldKind.Lines, FieldWords.Of(name));
    public static FormField Partner(string name) => new(name, FieldKind.Partner, FieldWords.Of(name)) { Hint = FormWords.PartnerHint };
    public static FormField Partners(string name) => new(name, FieldKind.Partners, FieldWords.Of(name)) { Hint = FormWords.PartnersHint };
    public static FormField Hidden(string name) => new(name, FieldKind.Hidden, FieldWords.Of(name));

    /// <summary>One of some codes, in the order of what they are called.</summary>
    public static FormField Choice(string name, IReadOnlyDictionary<string, Label> choices) => new(name, FieldKind.Choice, FieldWords.Of(name)) { Choices = choices };

    /// <summary>One of some codes that have an order of their own.</summary>
    public static FormField Ordered(string name, IReadOnlyDictionary<string, Label> choices) => Choice(name, choices) with { InTheirOrder = true };

    /// <summary>Any of the topics.</summary>
    public static FormField Topics(string name = "topics") => new(name, FieldKind.Several, FieldWords.Of(name)) { Choices = Vocabulary.Default.Topics };

    /// <summary>The record of this kind that a reference names.</summary>
    public static FormField Reference(string name, IServedKind kind) => Text(name) with { Hint = FormWords.ReferenceHint(kind.Name) };

    /// <summary>The same field, as one that must be filled in.</summary>
    public static FormField Must(this FormField field) => field with { Required = true };

    /// <summary>The same field, folded away.</summary>
    public static FormField Seldom(this FormField field) => field with { Rare = true };

    /// <summary>The same fields as those of one thing among several.</summary>
    public static IEnumerable<FormField> In(this IEnumerable<FormField> fields, string group, int? number = null) =>
        fields.Select(f => f with { Group = new(FieldWords.Of(group), number) });
}

/// <summary>Fields that many forms have.</summary>
static class CommonFields
{
    /// <summary>Why; corrections and withdrawals must say it.</summary>
    public static FormField Reason { get; } = new("reason", FieldKind.LongText, FormWords.Reason) { Required = true };

    /// <summary>The day on which it happened.</summary>
    public static FormField On { get; } = new("on", FieldKind.Date, FormWords.On) { Hint = FormWords.DateHint };

    /// <summary>The day on which it happened, of what happens today unless it says otherwise.</summary>
    public static FormField OnOrToday { get; } = On with { Hint = FormWords.TodayHint };

    /// <summary>How far what is said is believed.</summary>
    public static FormField Credibility { get; } =
        new("credibility", FieldKind.Choice, FormWords.Credibility) { Choices = FormWords.Credibilities, InTheirOrder = true, InNumbers = true };

    /// <summary>Where it is written, how far it is believed, and who may see it.</summary>
    public static IReadOnlyList<FormField> Rest { get; } =
    [
        new("source.0.document", FieldKind.Text, FormWords.SourceDocument) { Hint = FormWords.SourceHint },
        new("source.0.paragraph", FieldKind.Number, FormWords.SourceParagraph),
        new("source.0.sentence", FieldKind.Number, FormWords.SourceSentence),
        Credibility with { Rare = true },
        new("marking", FieldKind.Choice, Words.Marking) { Choices = Labels.Markings, InTheirOrder = true, Hint = FormWords.MarkingHint, Rare = true },
        new("groups", FieldKind.Lines, FieldWords.Of("groups")) { Hint = FormWords.GroupsHint, Rare = true },
        new("homeOrganisation", FieldKind.Text, FieldWords.Of("homeOrganisation")) { Hint = FormWords.HomeHint, Rare = true },
        new("onBehalfOf", FieldKind.Text, FieldWords.Of("onBehalfOf")) { Rare = true },
    ];

    /// <summary>What a statement that opens an action or an instrument by it does not say itself.</summary>
    public static IReadOnlyList<FormField> Raised { get; } =
    [
        .. new[]
        {
            Field.Long("action.what"), Field.Choice("action.owedBy", CodeWords.OwedBy), Field.Text("action.owner"), Field.Date("action.due"), Field.Text("action.standing"),
            Field.Tick("action.windsDown"), Field.Date("action.reviewOn"),
        }.In("action").Select(Field.Seldom),
        .. new[]
        {
            Field.Choice("instrument.kind", Vocabulary.Default.InstrumentKinds), Field.Text("instrument.title"), Field.Choice("instrument.binding", CodeWords.Bindings),
            Field.Date("instrument.expected"), Field.Date("instrument.reviewOn"),
        }.In("instrument").Select(Field.Seldom),
    ];

    /// <summary>The person for whom a text is protected.</summary>
    public static FormField ProtectFor { get; } = Field.Text("protectFor") with { Hint = FormWords.ProtectHint, Rare = true };

    /// <summary>Why, where nobody must say it.</summary>
    public static FormField ReasonIfAny { get; } = new("reason", FieldKind.LongText, FormWords.Reason) { Rare = true };
}
