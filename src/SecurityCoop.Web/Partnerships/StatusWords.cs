using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What the page where we stand says.</summary>
static class StatusWords
{
    public static readonly Label
        ToDo = new("À traiter", "To see to", "ما يتعين النظر فيه"),
        Pressing = new("Les plus pressants", "The most pressing", "الأكثر استعجالا"),
        AllOf = new("Tout ce qui est : {0}", "All of: {0}", "كل ما هو: {0}"),
        BackToPressing = new("Revenir aux plus pressants", "Back to the most pressing", "العودة إلى الأكثر استعجالا"),
        NothingPressing = new("Rien à traiter au {0}.", "Nothing to see to on {0}.", "لا شيء يتعين النظر فيه في {0}."),
        Coming = new("À venir sous 30 jours", "Within 30 days", "في غضون 30 يوما"),
        LateBy = new("{0} de retard", "{0} late", "متأخر {0}"),
        TakeUp = new("Reprendre contact", "Take up contact again", "استئناف الاتصال"),
        LastOn = new("dernier contact : {0}", "last contact: {0}", "آخر اتصال: {0}"),
        Since = new("Depuis votre dernière visite", "Since your last visit", "منذ زيارتكم الأخيرة"),
        NothingNew = new("Rien de nouveau.", "Nothing new.", "لا جديد."),
        NotSeenYet = new(
            "Marquez l’état actuel comme vu : ce qui change ensuite sera indiqué ici, dans ce navigateur.",
            "Mark the present state as seen: what changes afterwards is told here, in this browser.",
            "ضعوا علامة الاطلاع على الوضع الحالي: سيبين هنا ما يتغير بعده، في هذا المتصفح."),
        MarkSeen = new("Marquer comme vu", "Mark as seen", "وضع علامة الاطلاع"),
        All = new("Tous les partenariats", "All partnerships", "جميع الشراكات"),
        Filters = new("Filtres et dates", "Filters and dates", "التصفية والتواريخ"),
        AnyStatus = new("Tous", "Any", "الكل"),
        Count = new("{0} partenariats, lignes {1} à {2}", "{0} partnerships, rows {1} to {2}", "عدد الشراكات {0}، السطور من {1} إلى {2}"),
        NoneFound = new("Aucun partenariat ne répond à ces filtres.", "No partnership meets these filters.", "لا شراكة تستجيب لهذه المعايير."),
        ShowAll = new("Tout afficher", "Show all", "عرض الكل"),
        NextDate = new("Prochaine date", "Next date", "التاريخ المقبل"),
        None = new("aucune", "none", "لا شيء"),
        Earlier = new("Lignes précédentes", "Earlier rows", "السطور السابقة"),
        Later = new("Lignes suivantes", "More rows", "السطور التالية"),
        ThisListAsFile = new("Cette liste en fichier :", "This list as a file:", "هذه القائمة في ملف:");

    /// <summary>A kind of work by its name.</summary>
    public static Label Of(string kind) => kind == "coming" ? Coming : Labels.Modifiers[kind];
}
