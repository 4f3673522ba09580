using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Calendar;

/// <summary>What calendars and their page say.</summary>
static class CalendarWords
{
    public static readonly Label
        Calendar = new("Calendrier", "Calendar", "التقويم"),
        NameOf = new("Calendrier : {0}", "Calendar: {0}", "التقويم: {0}"),
        Register = new("Calendrier de la coopération sécuritaire", "Calendar of security cooperation", "تقويم التعاون الأمني"),
        Date = new("Date : {0}", "Date: {0}", "التاريخ: {0}"),
        AsGiven = new("Dans la source : « {0} »", "In the source: “{0}”", "كما ورد في المصدر: «{0}»"),
        OnlyPossible = new("Possible, non certain", "Possible, not certain", "محتمل غير مؤكد"),
        ForParty = new("Pour cette partie seulement : {0}", "For this party only: {0}", "بالنسبة إلى هذا الطرف وحده: {0}"),
        Lead = new(
            "Échéances, réexamens, préavis, fins d’instruments, rencontres prévues et signatures attendues, d’un an en arrière et sans limite en avant. Une date imprécise occupe tous les jours possibles et reste marquée comme provisoire.",
            "Due dates, reviews, notice dates, ends of instruments, planned meetings and expected signatures, from a year back and without limit ahead. An imprecise date stands over all days that it may be, and is marked as tentative.",
            "الآجال والمراجعات ومواعيد الإشعار وانتهاء الصكوك واللقاءات المبرمجة والتوقيعات المرتقبة، منذ سنة مضت ودون حد للمستقبل. يشغل التاريخ غير الدقيق جميع الأيام المحتملة ويوسم بأنه مؤقت."),
        Choose = new("Choisir ce que le calendrier contient", "Choose what the calendar holds", "اختيار ما يتضمنه التقويم"),
        Partners = new("Partenaires (aucun choix : tous)", "Partners (none chosen: all)", "الشركاء (دون اختيار: الجميع)"),
        Kinds = new("Dates (aucun choix : toutes)", "Dates (none chosen: all)", "التواريخ (دون اختيار: جميعها)"),
        Owner = new("Responsable des actions (identifiant)", "Owner of actions (id)", "المسؤول عن الإجراءات (المعرف)"),
        Language = new("Langue des textes", "Language of the texts", "لغة النصوص"),
        Name = new("Nom du calendrier", "Name of the calendar", "اسم التقويم"),
        Clearance = new("Mention la plus élevée", "Highest marking", "أعلى درجة سرية"),
        Download = new("Télécharger (.ics)", "Download (.ics)", "تنزيل (‎.ics)"),
        Make = new("Créer une adresse privée", "Make a private address", "إنشاء عنوان خاص"),
        About = new(
            "Un logiciel d’agenda lit le calendrier à une adresse privée sans autre connexion. Quiconque connaît l’adresse voit le calendrier : ne la transmettez à personne, et révoquez-la dès qu’elle ne sert plus ou qu’elle est connue d’autrui. Elle montre ce que vous-même pouvez voir au moment de la lecture, jusqu’à la mention choisie, et jamais de données protégées.",
            "A calendar program reads the calendar at a private address without any other sign-in. Whoever knows the address sees the calendar: pass it on to nobody, and revoke it as soon as it is of no more use or others know it. It shows what you yourself may see at the moment of reading, up to the marking chosen, and never protected values.",
            "يقرأ برنامج التقويم هذا التقويم في عنوان خاص دون أي تسجيل دخول آخر. كل من يعرف العنوان يطلع على التقويم: لا تسلموه لأحد، وألغوه متى لم تعد له فائدة أو عرفه غيركم. يعرض ما يمكنكم أنتم الاطلاع عليه وقت القراءة، في حدود درجة السرية المختارة، ولا يعرض أبدا بيانات محمية."),
        Made = new("L’adresse est créée", "The address is made", "تم إنشاء العنوان"),
        Copy = new(
            "Copiez-la maintenant dans votre logiciel d’agenda (« s’abonner à un calendrier ») : elle ne sera plus jamais affichée.",
            "Copy it into your calendar program now (“subscribe to a calendar”): it will never be shown again.",
            "انسخوه الآن في برنامج التقويم لديكم («الاشتراك في تقويم»): لن يعرض مرة أخرى أبدا."),
        Address = new("Adresse privée", "Private address", "العنوان الخاص"),
        Mine = new("Mes adresses privées", "My private addresses", "عناويني الخاصة"),
        None = new("Aucune adresse privée.", "No private address.", "لا عناوين خاصة."),
        Holds = new("Contenu", "Content", "المحتوى"),
        MadeOn = new("Créée le", "Made on", "تاريخ الإنشاء"),
        Days = new("Jours de validité de l’adresse", "Days that the address is good", "أيام صلاحية العنوان"),
        Until = new("Valable jusqu’au", "Good until", "صالح إلى غاية"),
        Expired = new("expirée", "expired", "انتهت صلاحيته"),
        Everything = new("tout", "everything", "كل شيء"),
        Ended = new("sans effet : l’accès de son auteur a pris fin", "of no effect: its maker’s access has ended", "بلا أثر: انتهى حق الوصول لمن أنشأه"),
        Revoke = new("Révoquer", "Revoke", "إلغاء"),
        OfPartnership = new("Calendrier de ce partenariat (.ics)", "Calendar of this partnership (.ics)", "تقويم هذه الشراكة (‎.ics)"),
        Subscribe = new("S’y abonner", "Subscribe to it", "الاشتراك فيه");

    /// <summary>An entry's line: {0} the partners, {1} what it is about.</summary>
    public static Label Summary(EntryKind kind) => kind switch
    {
        EntryKind.Due => new("Échéance ({0}) : {1}", "Due ({0}): {1}", "الأجل ({0}): {1}"),
        EntryKind.Review => new("À réexaminer ({0}) : {1}", "To review ({0}): {1}", "للمراجعة ({0}): {1}"),
        EntryKind.Notice => new("Dernier jour pour dénoncer ({0}) : {1}", "Last day for notice ({0}): {1}", "آخر أجل للإشعار ({0}): {1}"),
        EntryKind.Expiry => new("Fin ({0}) : {1}", "End ({0}): {1}", "الانتهاء ({0}): {1}"),
        EntryKind.Meeting => new("{1} ({0})", "{1} ({0})", "{1} ({0})"),
        EntryKind.Expected => new("Signature attendue ({0}) : {1}", "Signature expected ({0}): {1}", "توقيع مرتقب ({0}): {1}"),
    };

    public static Label Kind(EntryKind kind) => kind switch
    {
        EntryKind.Due => new("Échéances", "Due dates", "آجال الإنجاز"),
        EntryKind.Review => new("Réexamens", "Reviews", "المراجعات"),
        EntryKind.Notice => new("Préavis", "Notice dates", "مواعيد الإشعار"),
        EntryKind.Expiry => new("Fins d’instruments", "Ends of instruments", "انتهاء الصكوك"),
        EntryKind.Meeting => new("Rencontres prévues", "Planned meetings", "اللقاءات المبرمجة"),
        EntryKind.Expected => new("Signatures attendues", "Expected signatures", "التوقيعات المرتقبة"),
    };
}
