using System.Globalization;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using PartnerCodes = SecurityCoop.Register.Vocabulary.PartnerCodes;

namespace SecurityCoop.Web.Exchange;

/// <summary>What a cell is understood as.</summary>
/// <param name="Value">As a command takes it; where there is a fault, a value with which the rest of the row can be checked,
/// or null.</param>
/// <param name="Shown">What was understood, for people; null where it is what the cell says.</param>
/// <param name="Fault">Why it is not taken; null where it is.</param>
sealed record ImportValue(JsonNode? Value, string? Shown = null, string? Fault = null);

/// <summary>
/// Reads cells as people fill them in: dates as they write them, partners by name, codes by their labels. What is not understood is handed
/// on as it stands, since the register says itself what it takes; only two readings are refused here, naming both.
/// </summary>
static class ImportValues
{
    static readonly Dictionary<string, string[]> records = new()
    {
        ["meeting"] = ["Rencontre", "Réunion", "لقاء", "اجتماع"], ["action"] = ["Action", "Action convenue", "Agreed action", "إجراء"],
    };

    static readonly string[]
        ours = ["Nous", "Notre côté", "À notre charge", "Maroc", "Côté marocain", "Us", "Our side", "Owed by our side", "Morocco", "MA",
            "المغرب", "جانبنا", "الجانب المغربي", "على عاتق جانبنا"],
        theirs = ["Partenaire", "Le partenaire", "À la charge du partenaire", "The partner", "Owed by the partner",
            "الشريك", "على عاتق الشريك"],
        both = ["Les deux", "Les deux parties", "À la charge des deux parties", "Both sides", "Owed by both sides", "الطرفان", "الجانبان",
            "على عاتق الطرفين"],
        jointly = ["Conjoint", "Conjointement", "Les deux", "Les deux parties", "Jointly", "Both", "Both sides", "مشترك", "الجانبان"];

    static readonly Dictionary<string, string[]>
        owed = new() { ["home"] = ours, ["partner"] = theirs, ["both"] = both },
        speakers = new() { ["home"] = ours, ["joint"] = jointly },
        truths = new() { ["true"] = ["Oui", "Yes", "نعم", "1"], ["false"] = ["Non", "No", "لا", "0"] };

    /// <summary>meeting or action, by what a cell calls it; what is neither stays as it is.</summary>
    public static string Record(string said) => Code(records, said);

    /// <summary>What a cell of a field means.</summary>
    /// <param name="record">meeting or action.</param>
    /// <param name="said">Not empty, without blanks at its ends.</param>
    public static ImportValue Of(string field, string record, string said, Language language) => field switch
    {
        "partners" or "partner" or "country" => Partners(field, record, said, language),
        "date" or "on" or "due" or "stateOn" => Date(said, language),
        "reviewOn" => Day(said, language),
        "kind" => Coded(Vocabulary.Default.MeetingKinds, said),
        "state" => Coded(record == "action" ? Labels.ActionStates : Labels.MeetingStates, said),
        "force" => Coded(Labels.Forces, said),
        "marking" => Coded(Labels.Markings, said),
        "owedBy" => Shown(Code(owed, said), said),
        "speaker" => Speaker(said, language),
        "topics" => Topics(said),
        "occasions" or "source" => new(Array(CellText.Values(said))),
        "home" or "partnerSide" => new(new JsonArray([.. CellText.Values(said).Select(Participant)])),
        "statement" or "credibility" or "paragraph" or "sentence" => Number(said),
        "windsDown" => bool.TryParse(Code(truths, said), out var yes) ? new(yes) : new(said),
        _ => new(said),
    };

    static ImportValue Shown(string code, string said) => new(code, code == said ? null : code);

    static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);

    static ImportValue Number(string said) =>
        int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new(number) : new(said);

    static string Code(Dictionary<string, string[]> table, string said)
    {
        var folded = CellText.Fold(said);
        return table.FirstOrDefault(t => CellText.Fold(t.Key) == folded || t.Value.Any(v => CellText.Fold(v) == folded)).Key ?? said;
    }

    static string Code(IReadOnlyDictionary<string, Label> table, string said)
    {
        if (table.ContainsKey(said)) return said;
        var folded = CellText.Fold(said);
        static string[] Words(string code, Label label) => [code, label.Fr, label.En, label.Ar];
        return table.FirstOrDefault(t => Words(t.Key, t.Value).Any(v => CellText.Fold(v) == folded)).Key ?? said;
    }

    static ImportValue Coded(IReadOnlyDictionary<string, Label> table, string said) => Shown(Code(table, said), said);

    static ImportValue Topics(string said)
    {
        var values = CellText.Values(said);
        var codes = values.Select(v => Code(Vocabulary.Default.Topics, v)).ToList();
        return new(Array(codes), codes.SequenceEqual(values) ? null : string.Join(", ", codes));
    }

    static ImportValue Speaker(string said, Language language)
    {
        var code = Code(speakers, said);
        if (code is "home" or "joint") return Shown(code, said);
        var (meant, fault) = Partner(said, language);
        return new(meant, meant == said ? null : meant, fault);
    }

    // A person on record, with the office held that day behind it, or whoever it was in words.
    static JsonNode Participant(string said)
    {
        if (!said.StartsWith("PER-", StringComparison.Ordinal)) return new JsonObject { ["description"] = said };
        var open = said.IndexOf('(', StringComparison.Ordinal);
        var person = new JsonObject { ["person"] = CellText.Trim(open < 0 ? said : said[..open]) };
        if (open > 0) person["office"] = new JsonObject { ["title"] = CellText.Trim(said[(open + 1)..].TrimEnd(')')) };
        return person;
    }

    static ImportValue Partners(string field, string record, string said, Language language)
    {
        var values = CellText.Values(said);
        var read = values.Select(v => Partner(v, language)).ToList();
        var codes = read.Select(r => r.Code).ToList();
        var shown = codes.SequenceEqual(values) ? null
            : string.Join(language.Comma, codes.Select(c => Known.IsPartner(c) ? $"{c} ({language.Say(Known.PartnerName(c))})" : c));
        var one = field == "partner" || (field == "country" && record == "action");
        // Of an action one only: more of them, as they stand, are refused by the register.
        return new(one ? codes.Count == 1 ? codes[0] : said : Array(codes), shown,
            read.Select(r => r.Fault).FirstOrDefault(f => f is not null));
    }

    static (string Code, string? Fault) Partner(string said, Language language)
    {
        if (Known.IsPartner(said)) return (said, null);
        var meant = Known.Meant(said);
        if (meant.Count < 2) return (meant.FirstOrDefault() ?? said, null);
        var readings = string.Join(language.Comma, meant.Select(c => $"{c} ({language.Say(Known.PartnerName(c))})"));
        return (meant[0], language.Say(ImportWords.TwoPartners, said, readings));
    }

    static ImportValue Date(string said, Language language)
    {
        var read = WrittenDate.Read(said);
        if (read.Fault is { } fault) return new(null, Fault: Said(fault, language));
        var date = read.Date!.Text;
        return new(date, date == said ? null : date == "" ? language.Say(ImportWords.Undated) : date);
    }

    static ImportValue Day(string said, Language language)
    {
        var read = WrittenDate.Read(said);
        if (read.Fault is { } fault) return new(null, Fault: Said(fault, language));
        var date = read.Date!.Text;
        return RegisterClock.IsDay(date, out _)
            ? new(date, date == said ? null : date) : new(null, Fault: Said(new(WrittenFault.NotOneDay, said, [], date), language));
    }

    static string Said(DateFault fault, Language language)
    {
        var refusal = fault.At("");
        return Problems.Say(refusal, language);
    }
}
