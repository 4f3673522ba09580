using System.Globalization;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using W = SecurityCoop.Web.Recording.RecordingWords;

namespace SecurityCoop.Web.Recording;

/// <summary>The fields of the form for a meeting, each named by its place in the command's body. Those of the source begin with "new.".</summary>
static class RecordingFields
{
    /// <summary>The one document from which the meeting and its statements come.</summary>
    public const string Document = "source.0.document";

    /// <summary>What speaks of the one partner there is, before its code is known.</summary>
    public const string ThePartner = "partner";

    /// <summary>Lists of which the form can have more items, each with how many it begins with.</summary>
    public static IReadOnlyDictionary<string, int> Lists { get; } = new Dictionary<string, int>
    {
        ["source"] = 1, ["partners"] = 1, ["home"] = 1, ["partnerSide"] = 1, ["statements"] = 1,
    };

    public static FormField Source { get; } = new(Document, FieldKind.Text, W.Document) { Hint = W.DocumentHint };

    public static IReadOnlyList<FormField> NewSource { get; } =
    [
        new("new.title", FieldKind.Text, W.SourceTitle) { Hint = W.SourceTitleHint },
        new("new.publisher", FieldKind.Text, W.Publisher),
        new("new.published", FieldKind.Date, W.Published) { Hint = W.DateHint },
        new("new.language", FieldKind.Choice, W.SourceLanguage) { Choices = W.Languages },
        new("new.url", FieldKind.Text, W.Url),
        new("new.reliability", FieldKind.Choice, W.Reliability) { Choices = W.Reliabilities, InTheirOrder = true },
    ];

    public static FormField Date { get; } = new("date", FieldKind.Date, W.Date) { Hint = W.DateHint };

    /// <summary>The document's words for the date, where the date is written otherwise.</summary>
    public static FormField DateAsGiven { get; } = new("dateAsGiven", FieldKind.Text, W.DateAsGiven) { Hint = W.DateAsGivenHint };

    public static IReadOnlyList<FormField> When { get; } =
    [
        Date,
        new("place", FieldKind.Text, W.Place),
        new("kind", FieldKind.Choice, W.Kind) { Choices = Vocabulary.Default.MeetingKinds, Required = true },
    ];

    public static FormField Partner(int i) => new($"partners.{Number(i)}", FieldKind.Text, W.Partner) { Hint = W.PartnerHint, Required = true };

    public static FormField Person(string item) => new($"{item}.person", FieldKind.Text, W.Person) { Hint = W.PersonHint };
    public static FormField Office(string item) => new($"{item}.office.title", FieldKind.Text, W.Office) { Hint = W.OfficeHint };
    public static FormField Organisation(string item) => new($"{item}.office.organisation", FieldKind.Text, W.Organisation) { Hint = W.OrganisationHint };
    public static FormField ForPartner(string item) => new($"{item}.partner", FieldKind.Text, W.ForPartner);

    /// <summary>The fields of a participant.</summary>
    /// <param name="item">"home.0".</param>
    /// <param name="ofSeveral">Whether the meeting has several partners, so that it must be said whom they sat there for.</param>
    public static IReadOnlyList<FormField> Participant(string item, bool ofSeveral) =>
    [
        Person(item), Office(item), Organisation(item), new($"{item}.description", FieldKind.Text, W.Description) { Hint = W.DescriptionHint },
        .. ofSeveral && item.StartsWith("partnerSide", StringComparison.Ordinal) ? [ForPartner(item)] : (FormField[])[],
    ];

    public static FormField Text(string item) => new($"{item}.text", FieldKind.LongText, W.Text) { Hint = W.TextHint };
    public static FormField Force(string item) => new($"{item}.force", FieldKind.Choice, W.Force) { Choices = Labels.Forces, InTheirOrder = true, Required = true, Hint = W.ForceHint };
    public static FormField Topics(string item) => new($"{item}.topics", FieldKind.Several, W.Topics) { Choices = Vocabulary.Default.Topics };
    public static FormField Formulaic(string item) => new($"{item}.formulaic", FieldKind.Tick, W.Formulaic);

    /// <summary>Who speaks.</summary>
    /// <param name="partners">Codes of the partners, as far as they are known.</param>
    public static FormField Speaker(string item, IReadOnlyList<string> partners)
    {
        var speakers = new Dictionary<string, Label> { ["joint"] = W.Both, ["home"] = W.Ours };
        if (partners.Count < 2) speakers[ThePartner] = partners is [var only] ? Known.PartnerName(only) : W.Theirs;
        else foreach (var code in partners) speakers[code] = Known.PartnerName(code);
        return new($"{item}.speaker", FieldKind.Choice, W.Speaker) { Choices = speakers, InTheirOrder = true, Required = true };
    }

    /// <summary>A place in the document.</summary>
    /// <param name="place">"statements.0.source.0", or of the meeting itself "source.0".</param>
    public static IReadOnlyList<FormField> Place(string place) =>
        [new($"{place}.paragraph", FieldKind.Number, place.StartsWith("source.", StringComparison.Ordinal) ? W.MeetingParagraph : W.Paragraph) { Hint = W.ParagraphHint }, new($"{place}.sentence", FieldKind.Number, W.Sentence)];

    /// <summary>Of an agreed action.</summary>
    public static IReadOnlyList<FormField> Action(string item) =>
    [
        new($"{item}.action.what", FieldKind.Text, W.What) { Hint = W.WhatHint },
        new($"{item}.action.owedBy", FieldKind.Choice, W.OwedBy) { Choices = W.Owers, InTheirOrder = true, Hint = W.OwedByHint },
        new($"{item}.action.due", FieldKind.Date, W.Due) { Hint = W.DueHint },
    ];

    /// <summary>Of a planned instrument.</summary>
    public static IReadOnlyList<FormField> Instrument(string item) =>
    [
        new($"{item}.instrument.kind", FieldKind.Choice, W.InstrumentKind) { Choices = Vocabulary.Default.InstrumentKinds },
        new($"{item}.instrument.title", FieldKind.Text, W.InstrumentTitle) { Hint = W.WhatHint },
        new($"{item}.instrument.expected", FieldKind.Date, W.Expected) { Hint = W.DueHint },
        new($"{item}.instrument.binding", FieldKind.Choice, W.Binding) { Choices = W.Bindings, InTheirOrder = true },
    ];

    /// <summary>Of any statement, and seldom needed.</summary>
    public static IReadOnlyList<FormField> Rare(string item) =>
    [
        new($"{item}.region", FieldKind.Text, W.Region),
        CommonFields.Credibility with { Name = $"{item}.credibility" },
        new($"{item}.protectFor", FieldKind.Text, W.ProtectFor) { Hint = W.ProtectForHint },
    ];

    public static FormField ReviewOn { get; } = new("reviewOn", FieldKind.Date, W.ReviewOn) { Hint = W.ReviewHint };
    public static FormField Marking { get; } = new("marking", FieldKind.Choice, Words.Marking) { Choices = Labels.Markings, InTheirOrder = true, Hint = FormWords.MarkingHint };

    /// <summary>Of the meeting, and seldom needed.</summary>
    public static IReadOnlyList<FormField> More { get; } =
    [
        new("state", FieldKind.Choice, W.State) { Choices = W.States, InTheirOrder = true, Hint = W.StateHint },
        CommonFields.Credibility,
        new("groups", FieldKind.Lines, FieldWords.Of("groups")) { Hint = FormWords.GroupsHint },
        new("homeOrganisation", FieldKind.Text, FieldWords.Of("homeOrganisation")) { Hint = FormWords.HomeHint },
        new("onBehalfOf", FieldKind.Text, FieldWords.Of("onBehalfOf")),
        DateAsGiven,
        new("partOf", FieldKind.Text, W.PartOf) { Hint = W.PartOfHint },
        new("occasions", FieldKind.Lines, W.Occasions) { Hint = W.OccasionsHint },
    ];

    /// <summary>All fields of the form, in the order in which they stand.</summary>
    public static IReadOnlyList<FormField> Of(RecordingDraft draft)
    {
        var (values, several) = (draft.Values, draft.Values.Items("partners").Count > 1);
        return
        [
            Source, .. NewSource, .. When, .. values.Items("source").SelectMany(i => Place($"source.{Number(i)}")), .. values.Names("home").SelectMany(item => Participant(item, several)), .. values.Items("partners").Select(Partner),
            .. values.Names("partnerSide").SelectMany(item => Participant(item, several)),
            .. values.Names("statements").SelectMany(item => (FormField[])[Text(item), Force(item), Speaker(item, draft.Partners), .. values.Items($"{item}.source").SelectMany(i => Place($"{item}.source.{Number(i)}")),
                Topics(item), Formulaic(item), .. Action(item), .. Instrument(item), .. Rare(item)]),
            ReviewOn, Marking, .. More,
        ];
    }

    /// <summary>What a field is called where it stands among others of its name: "Statement 2, Force".</summary>
    public static string Title(RecordingDraft draft, FormField field)
    {
        var (l, steps) = (draft.Language, field.Name.Split('.'));
        var label = l.Say(field.Label);
        if (steps.Length < 3 || (steps[0] switch { "home" => W.HomeParticipant, "partnerSide" => W.PartnerParticipant, "statements" => W.Statement, _ => null }) is not { } item)
            return label;
        var place = draft.Values.Names(steps[0]).ToList().IndexOf($"{steps[0]}.{steps[1]}") + 1;
        return $"{l.Say(item, place)}{l.Comma}{label}";
    }

    /// <summary>The numbers of a list's items, as far as anything was sent of them.</summary>
    public static IReadOnlyList<int> Items(IEnumerable<string> names, string list) =>
        [.. names.Where(n => n.StartsWith($"{list}.", StringComparison.Ordinal)).Select(n => n[(list.Length + 1)..].Split('.', '~')[0])
            .Where(n => n.Length is > 0 and < 5 && n.All(char.IsAsciiDigit)).Select(n => int.Parse(n, CultureInfo.InvariantCulture)).Distinct().Order()];

    /// <summary>A number in a field's name.</summary>
    public static string Number(int i) => i.ToString(CultureInfo.InvariantCulture);
}
