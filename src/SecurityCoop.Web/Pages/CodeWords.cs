using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Instruments;

namespace SecurityCoop.Web.Pages;

/// <summary>What codes that labels.json does not hold are called, by code.</summary>
static class CodeWords
{
    public static IReadOnlyDictionary<string, Label> OwedBy { get; } = Of<OwedBy>(Words.Of);

    public static IReadOnlyDictionary<string, Label> Bindings { get; } = Of<Binding>(Words.Of);

    public static IReadOnlyDictionary<string, Label> Effects { get; } = Of<EffectKind>(kind => kind switch
    {
        EffectKind.OnSignature => new("à la signature", "on signature", "عند التوقيع"),
        EffectKind.OnLastNotification => new("à la dernière notification", "on the last notification", "عند آخر إشعار"),
        EffectKind.OnDay => new("à une date fixée", "on a set day", "في تاريخ محدد"),
        EffectKind.NotStated => new("non précisé", "not stated", "غير محدد"),
    });

    public static IReadOnlyDictionary<string, Label> TermKinds { get; } = Of<TermKind>(kind => kind switch
    {
        TermKind.Open => new("sans limite", "open-ended", "دون حد"),
        TermKind.Ends => new("prend fin d’elle-même", "ends by itself", "تنتهي من تلقاء نفسها"),
        TermKind.Tacit => new("reconduite tacitement", "renewed in silence", "تتجدد ضمنيا"),
    });

    public static IReadOnlyDictionary<string, Label> Links { get; } = Of<LinkSort>(link => link switch
    {
        LinkSort.CarriesOut => new("met en œuvre", "carries out", "ينفذ"),
        LinkSort.Amends => new("modifie", "amends", "يعدل"),
        LinkSort.Replaces => new("remplace", "replaces", "يحل محل"),
        LinkSort.AmendedBy => new("est modifié par", "is amended by", "يعدله"),
        LinkSort.SupersededBy => new("est remplacé par", "is superseded by", "يحل محله"),
    });

    /// <summary>Those that a new instrument can have.</summary>
    public static IReadOnlyDictionary<string, Label> OpeningLinks { get; } = Links.Take(Enum.GetValues<LinkKind>().Length).ToDictionary(l => l.Key, l => l.Value);

    public static IReadOnlyDictionary<string, Label> Sides { get; } = Of<Side>(side => side switch
    {
        Side.Home => Words.OurSide,
        Side.Partner => new("côté partenaire", "partner’s side", "جانب الشريك"),
    });

    /// <summary>How reliable a source is: the Admiralty code's letter.</summary>
    public static IReadOnlyDictionary<string, Label> Reliabilities { get; } = Of<Reliability>(grade => grade switch
    {
        Reliability.A => new("A – totalement fiable", "A – completely reliable", "A – موثوق تماما"),
        Reliability.B => new("B – habituellement fiable", "B – usually reliable", "B – موثوق عادة"),
        Reliability.C => new("C – assez fiable", "C – fairly reliable", "C – موثوق إلى حد ما"),
        Reliability.D => new("D – rarement fiable", "D – not usually reliable", "D – نادرا ما يوثق به"),
        Reliability.E => new("E – non fiable", "E – unreliable", "E – غير موثوق"),
        Reliability.F => new("F – non évaluable", "F – cannot be judged", "F – لا يمكن تقييمه"),
    });

    /// <summary>What became of the statement that an action or an instrument comes from.</summary>
    public static IReadOnlyDictionary<string, Label> OriginChanges { get; } = Of<OriginChange>(change => change switch
    {
        OriginChange.Withdrawn => new("retirée", "withdrawn", "سحب"),
        OriginChange.Reclassified => new("requalifiée", "read anew", "أعيد تصنيفه"),
        OriginChange.Restored => new("rétablie", "restored", "أعيد اعتماده"),
    });

    public static IReadOnlyDictionary<string, Label> YesNo { get; } = new Dictionary<string, Label>
    {
        ["true"] = new("oui", "yes", "نعم"), ["false"] = new("non", "no", "لا"),
    };

    public static IReadOnlyDictionary<string, Label> Turns { get; } = new Dictionary<string, Label>
    {
        ["suspended"] = Words.Events["suspended"], ["resumed"] = Words.Events["resumed"], ["closed"] = Words.Events["closed"], ["reopened"] = Words.Events["reopened"],
    };

    public static IReadOnlyDictionary<string, Label> Outcomes { get; } = new Dictionary<string, Label>
    {
        ["postponed"] = Words.Events["postponed"], ["cancelled"] = Words.Events["cancelled"], ["held"] = Words.Events["held"],
    };

    /// <summary>Who may speak or act in what concerns these partners.</summary>
    /// <param name="jointly">Whether both sides may do it together.</param>
    public static IReadOnlyDictionary<string, Label> Voices(IEnumerable<string> partners, bool jointly = true)
    {
        var all = new Dictionary<string, Label> { ["home"] = Words.OurSide };
        if (jointly) all["joint"] = Words.Jointly;
        foreach (var partner in partners) all[partner] = Known.PartnerName(partner);
        return all;
    }

    static Dictionary<string, Label> Of<T>(Func<T, Label> word) where T : struct, Enum => Enum.GetValues<T>().ToDictionary(Slug.Of, word);
}
