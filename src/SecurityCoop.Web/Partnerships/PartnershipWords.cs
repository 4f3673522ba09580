using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What the page of a partnership says, beside what it shares with others.</summary>
static class PartnershipWords
{
    public static readonly Label
        Lead = new("Au {0} : {1}", "On {0}: {1}", "في {0}: {1}"),
        LeadPossible = new("Au {0}, peut-être : {1} Ce qui est certain : {2}", "On {0}, possibly: {1} What is certain: {2}", "في {0}، ربما: {1} والمؤكد: {2}"),
        Why = new("Pourquoi ?", "Why?", "لماذا؟"),
        WhyNotMore = new("Pourquoi pas plus ?", "Why not more?", "لماذا ليس أكثر؟"),
        AskOther = new("Poser la question d’un autre état", "Ask about another status", "السؤال عن حالة أخرى"),
        Reports = new("Sources divergentes, côte à côte", "Competing reports, side by side", "الروايات المتضاربة جنبا إلى جنب"),
        NothingLate = new("Rien en retard au {0}.", "Nothing overdue on {0}.", "لا شيء متأخر في {0}."),
        Late = new("En retard au {0} : {1}.", "Overdue on {0}: {1}.", "المتأخر في {0}: {1}."),
        NoStatements = new("Aucune déclaration enregistrée.", "No statement on record.", "لا تصريح مسجلا."),
        TopicsByYear = new("Thèmes par année", "Topics by year", "المواضيع حسب السنة"),
        TopicsCaption = new(
            "Déclarations par thème et par année de la rencontre", "Statements by topic and by year of the meeting", "التصريحات حسب الموضوع وسنة اللقاء"),
        NoYear = new("année incertaine", "year uncertain", "سنة غير مؤكدة"),
        Dates = new("Dates de cette page", "Dates of this page", "تاريخا هذه الصفحة"),
        KnownOn = new("Tel que connu le", "As known on", "كما كان معروفا في"),
        KnownHint = new("Vide : maintenant", "Empty: now", "فارغ: الآن"),
        Between = new("Ce qui a changé entre deux jours", "What changed between two days", "ما تغير بين يومين"),
        Until = new("Jusqu’à", "Until", "إلى غاية"),
        UntilHint = new("Ce jour compris ; rien : maintenant", "That day included; nothing: now", "بما فيه ذلك اليوم؛ لا شيء: الآن"),
        WhichClock = new("Selon", "By", "حسب"),
        WasRecorded = new("ce que le registre a appris entre-temps", "what the register learnt in between", "ما علمه السجل في هذه الأثناء"),
        HasHappened = new("ce qui s’est passé dans le monde (des jours seulement)", "what happened in the world (days only)", "ما حدث في الواقع (أيام فقط)"),
        NothingHappened = new("Rien de connu ne s’est passé entre ces deux jours.", "Nothing that is known happened between these days.", "لم يحدث بين هذين اليومين شيء معروف."),
        Contact = new("Contact", "Contact", "الاتصال"),
        TheDayAsked = new("Le jour demandé", "The day asked about", "اليوم المسؤول عنه"),
        Recorded = new("enregistré le {0}", "recorded on {0}", "سجل في {0}"),
        UndatedTray = new("Sans date ({0})", "No date ({0})", "بلا تاريخ ({0})"),
        HowDrawn = new("Comment les dates sont dessinées", "How dates are drawn", "كيف ترسم التواريخ"),
        LegendDay = new("jour exact", "exact day", "يوم محدد"),
        LegendRange = new("un jour de cette période, on ne sait lequel", "some day in this time", "يوم ما من هذه المدة"),
        LegendSet = new("l’un de ces jours", "one of these days", "أحد هذه الأيام"),
        LegendDuration = new("toute cette durée", "all of this time", "هذه المدة كلها"),
        LegendAbout = new("environ", "about", "تقريبا"),
        LegendLatest = new("au plus tard", "at the latest", "على أبعد تقدير"),
        LegendOpen = new("sans fin connue", "no end known", "دون نهاية معروفة"),
        LegendPlanned = new("prévu", "planned", "مبرمج"),
        LegendComputed = new("calculé", "computed", "محسوب"),
        LegendAsked = new("le jour demandé", "the day asked about", "اليوم المسؤول عنه");

    /// <summary>What is more than a status: the statuses that a partnership could grow into, the nearest first.</summary>
    public static IReadOnlyList<string> More(string status) => status switch
    {
        "no-record" => ["contact", "intent", "committed"],
        "contact" => ["intent", "committed", "signed"],
        "intent" => ["committed", "signed", "framework-active"],
        "lapsed" => ["committed", "signed", "framework-active"],
        "committed" => ["signed", "framework-active"],
        "signed" or "suspended" => ["framework-active"],
        _ => [],
    };
}
