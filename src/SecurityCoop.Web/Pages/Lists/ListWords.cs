using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages.Lists;

/// <summary>What the pages of lists say.</summary>
static class ListWords
{
    public static readonly Label
        Meetings = new("Rencontres", "Meetings", "اللقاءات"),
        Actions = new("Actions", "Actions", "الإجراءات"),
        Instruments = new("Instruments", "Instruments", "الصكوك"),
        People = new("Personnes", "People", "الأشخاص"),
        Organisations = new("Organismes", "Organisations", "الهيئات"),
        Sources = new("Sources", "Sources", "المصادر"),
        Occasions = new("Événements", "Occasions", "المناسبات"),
        Filter = new("Filtrer", "Filter", "تصفية"),
        Filters = new("Filtres", "Filters", "عوامل التصفية"),
        Any = new("– tous –", "– any –", "– الكل –"),
        AnyMark = new("– sans condition –", "– any –", "– الكل –"),
        Chosen = new("Filtres en place", "Filters in place", "عوامل التصفية المعتمدة"),
        Remove = new("{0} : {1}", "{0}: {1}", "{0}: {1}"),
        RemoveHint = new("Retirer ce filtre", "Remove this filter", "إزالة هذا العامل"),
        All = new("Tout afficher", "Show all", "عرض الكل"),
        Count = new("{0} au {1}", "{0} as of {1}", "{0} بتاريخ {1}"),
        Empty = new("Rien ne répond à ces filtres au {0}.", "Nothing answers these filters as of {0}.", "لا شيء يوافق عوامل التصفية هذه بتاريخ {0}."),
        NothingOverdue = new("Rien en retard au {0}.", "Nothing overdue as of {0}.", "لا شيء متأخر عن موعده بتاريخ {0}."),
        NothingYet = new("Rien n’est enregistré au {0}.", "Nothing is on record as of {0}.", "لا شيء مسجل بتاريخ {0}."),
        Page = new("Page {0} sur {1}", "Page {0} of {1}", "الصفحة {0} من {1}"),
        Earlier = new("Page précédente", "Previous page", "الصفحة السابقة"),
        Later = new("Page suivante", "Next page", "الصفحة التالية"),
        Pages = new("Pages", "Pages", "الصفحات"),
        TakeOut = new("Cette liste", "This list", "هذه القائمة"),
        Csv = new("Tableau CSV", "CSV table", "جدول CSV"),
        Xlsx = new("Classeur Excel", "Excel workbook", "مصنف Excel"),
        Calendar = new("S’abonner au calendrier", "Subscribe to the calendar", "الاشتراك في التقويم"),
        Tick = new("Cocher {0}", "Tick {0}", "وضع علامة على {0}"),
        FollowUp = new("Suivi des actions cochées", "Follow up the ticked actions", "تتبع الإجراءات المعلمة"),
        FollowUps = new("Dernier suivi", "Last follow-up", "آخر تتبع"),
        LastAct = new("Dernier acte", "Last act", "آخر إجراء"),
        Mark = new("À signaler", "To note", "للتنبيه"),
        Yes = new("oui", "yes", "نعم"),
        No = new("non", "no", "لا"),
        From = new("Du (jour)", "From (day)", "من (يوم)"),
        To = new("Au (jour)", "To (day)", "إلى (يوم)"),
        AsOf = new("Situation au (jour)", "Situation on (day)", "الوضع في (يوم)"),
        KnownAt = new("Tel que connu à", "As known at", "كما كان معروفا في"),
        ExpiringWithin = new("Échéance sous (mois)", "Expiring within (months)", "ينقضي خلال (أشهر)"),
        New = new("Enregistrer : {0}", "Record: {0}", "تسجيل: {0}"),
        NamesClosed = new(
            "Les noms sont protégés : ils s’ouvrent sur la page de chacun, et cela s’enregistre.", "Names are protected: they open on each person’s page, and that is recorded.",
            "الأسماء محمية: تفتح في صفحة كل شخص، ويسجل ذلك."),
        Topic = new("Thème", "Topic", "الموضوع"),
        Searches = new("Mes recherches", "My searches", "عمليات بحثي"),
        SearchName = new("Nom de cette recherche", "Name of this search", "اسم هذا البحث"),
        Keep = new("Garder dans ce navigateur", "Keep in this browser", "حفظ في هذا المتصفح"),
        Forget = new("Oublier {0}", "Forget {0}", "نسيان {0}");

    /// <summary>How many there are, with the noun's form for the number.</summary>
    public static string Counted(Language l, Label noun, int number) => l.Say(new Label("{0} : {1}", "{0}: {1}", "{0}: {1}"), l.Say(noun), l.Say(number));

    /// <summary>What an action may be noted for, by the parameter that asks for it.</summary>
    public static IReadOnlyDictionary<string, Label> Marks { get; } = new Dictionary<string, Label>
    {
        ["overdue"] = new("En retard", "Overdue", "متأخر عن موعده"), ["undated"] = new("Sans date", "Undated", "بلا أجل"), ["reviewDue"] = new("Revue à faire", "Review due", "مراجعة مستحقة"),
        ["blocked"] = new("Bloquée", "Blocked", "متعثر"), ["waitingOnPartner"] = new("En attente du partenaire", "Waiting on the partner", "في انتظار الشريك"),
        ["toVerify"] = new("À confirmer", "To verify", "للتحقق"),
    };
}
