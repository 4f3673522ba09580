using System.Globalization;
using System.Text.RegularExpressions;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Exchange;

/// <summary>What a column of a file holds.</summary>
/// <param name="Heading">As the file writes it.</param>
/// <param name="Field">The field's name; null where the column is passed over.</param>
/// <param name="Number">Of a statement's column, which of the row's statements: 1 is the first.</param>
sealed record ImportColumn(string Heading, string? Field, int Number = 1);

/// <summary>
/// The headings under which a field is known: its own name, its heading in the three languages, and what offices write instead; in any
/// case, with accents or without, in any order.
/// </summary>
static partial class ImportColumns
{
    /// <summary>Fields of a statement. A number behind the heading says of which: text, text2, text3.</summary>
    public static readonly string[] OfStatement = ["force", "speaker", "text", "topics", "region"];

    /// <summary>The columns of the register's own tables that say what follows from a record, or what only the register gives.</summary>
    public static readonly string[] Own = ["id", "version", "states", "statements", "opens", "inPeriod", "open", "overdue", "followUps"];

    /// <summary>
    /// The fields. <c>subject</c> is what an action is about and what was talked about at a meeting; <c>country</c> is a meeting's partners
    /// or an action's partner.
    /// </summary>
    public static readonly string[] Fields =
    [
        "record", "key", "partners", "partner", "kind", "date", "dateAsGiven", "place", "partOf", "occasions", "state", "what", "owedBy",
        "owner", "on", "due", "dueAsGiven", "standing", "windsDown", "reviewOn", "topics", "meeting", "statement", "source", "paragraph",
        "sentence", "reason", "onBehalfOf", "credibility", "marking", "homeOrganisation", "stateOn", "note", "home", "partnerSide", "force",
        "speaker", "text", "region", "subject", "country", "reference", "followUpsOn",
    ];

    // What is written instead of a field's name. A list that the register gives as a table has more than one name for some fields.
    static readonly Dictionary<string, string[]> others = new()
    {
        ["record"] = ["Enregistrement", "Fiche", "السجل"], ["key"] = ["Clé", "المفتاح"],
        ["country"] = ["Pays", "Country", "Countries", "البلد", "البلدان", "الدولة", "الدول"],
        ["partners"] = ["Partenaires", "الشركاء"], ["partner"] = ["Partenaire", "الشريك"],
        ["subject"] = ["Objet", "Sujet", "Subject", "الموضوع"], ["what"] = ["Action", "Action convenue", "Agreed action", "الإجراء"],
        ["kind"] = ["Type", "Nature", "النوع"], ["date"] = ["Jour", "Day", "التاريخ", "اليوم"], ["place"] = ["Lieu", "Ville", "المكان"],
        ["state"] = ["État", "Statut", "Status", "الحالة"], ["due"] = ["Échéance", "Deadline", "Due date", "الأجل"],
        ["owedBy"] = ["À la charge de", "Charge", "على عاتق"], ["owner"] = ["Responsable", "المسؤول"],
        ["topics"] = ["Thème", "Thèmes", "Topic", "المواضيع", "المحاور"], ["text"] = ["Texte", "texts", "Propos", "النص"],
        ["force"] = ["forces", "Portée", "القوة"], ["speaker"] = ["speakers", "Locuteur", "المتحدث"],
        ["source"] = ["sources", "Source", "المصدر"], ["note"] = ["notes", "Suite donnée", "Follow-up", "المتابعة"],
        ["stateOn"] = ["Date de l’état", "Fait le", "Done on", "تاريخ الحالة"], ["home"] = ["Notre délégation", "Our delegation", "وفدنا"],
        ["partnerSide"] = ["Délégation partenaire", "Partner delegation", "وفد الشريك"], ["marking"] = ["Diffusion", "درجة السرية"],
    };

    static readonly Dictionary<string, string> byHeading = ByHeading();

    static Dictionary<string, string> ByHeading()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in Fields.Concat(Own)) all[CellText.Fold(field)] = field;
        foreach (var (field, headings) in others)
            foreach (var heading in headings) all.TryAdd(CellText.Fold(heading), field);
        // As the register itself heads its tables (?language=).
        foreach (var field in Fields.Concat(Own).Concat(["forces", "texts", "speakers", "notes"]))
            if (TableHeadings.All.GetValueOrDefault(field) is { } label)
                foreach (var heading in (string[])[label.Fr, label.En, label.Ar])
                    all.TryAdd(CellText.Fold(heading), others.FirstOrDefault(o => o.Value.Contains(field)).Key ?? field);
        return all;
    }

    /// <summary>What the column of a heading holds; null where nothing is known of it.</summary>
    public static ImportColumn? Of(string heading)
    {
        // A quotation mark within a heading is a fault of the file's, not a way of writing.
        if (heading.Contains('"', StringComparison.Ordinal)) return null;
        var folded = CellText.Fold(heading);
        if (byHeading.TryGetValue(folded, out var field)) return new(heading, Own.Contains(field) ? $"#{field}" : field);
        var several = Numbered().Match(folded);
        return several.Success && byHeading.TryGetValue(several.Groups[1].Value, out field)
            && (OfStatement.Contains(field) || field == "subject")
            ? new(heading, field, int.Parse(several.Groups[2].Value, CultureInfo.InvariantCulture)) : null;
    }

    [GeneratedRegex(@"\A(.*\D)([2-9])\z")]
    private static partial Regex Numbered();
}
