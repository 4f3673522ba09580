using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Exchange;

/// <summary>
/// Headings of the register's tables in the three languages, by the column's name. Within one table no two columns have the same heading,
/// and the import reads every one of them.
/// </summary>
static class TableHeadings
{
    /// <summary>By the stable name that stands without <c>?language=</c>.</summary>
    public static readonly IReadOnlyDictionary<string, Label> All = new Dictionary<string, Label>
    {
        ["reference"] = new("Référence", "Reference", "المرجع"), ["id"] = new("Identifiant", "Identifier", "المعرف"),
        ["version"] = new("Version", "Version", "الإصدار"), ["marking"] = new("Diffusion", "Marking", "درجة السرية"),
        ["state"] = new("État", "State", "الحالة"), ["states"] = new("États possibles", "Possible states", "الحالات الممكنة"),
        ["partners"] = new("Partenaires", "Partners", "الشركاء"), ["partner"] = new("Partenaire", "Partner", "الشريك"),
        ["kind"] = new("Type", "Kind", "النوع"), ["date"] = new("Date", "Date", "التاريخ"),
        ["dateAsGiven"] = new("Date telle qu’écrite", "Date as given", "التاريخ كما ورد"), ["place"] = new("Lieu", "Place", "المكان"),
        ["homeOrganisation"] = new("Organisme national", "Home organisation", "الجهة الوطنية"),
        ["partOf"] = new("Dans le cadre de", "Part of", "في إطار"), ["occasions"] = new("Occasions", "Occasions", "المناسبات"),
        ["topics"] = new("Thèmes", "Topics", "المواضيع"), ["forces"] = new("Portée", "Force", "القوة"),
        ["statements"] = new("Nombre de propos", "Number of statements", "عدد التصريحات"), ["texts"] = new("Propos", "Text", "النص"),
        ["speakers"] = new("Locuteur", "Speaker", "المتحدث"), ["opens"] = new("Ouvre", "Opens", "يفتح"),
        ["inPeriod"] = new("Dans la période", "In the period", "ضمن الفترة"), ["what"] = new("Objet", "Subject", "الموضوع"),
        ["owedBy"] = new("À la charge de", "Owed by", "على عاتق"), ["owner"] = new("Responsable", "Owner", "المسؤول"),
        ["on"] = new("Convenue le", "Agreed on", "تاريخ الاتفاق"), ["due"] = new("Échéance", "Due", "الأجل"),
        ["standing"] = new("Échéance permanente", "Standing", "أجل دائم"), ["reviewOn"] = new("Réexamen le", "Review on", "تاريخ المراجعة"),
        ["meeting"] = new("Rencontre", "Meeting", "اللقاء"), ["statement"] = new("Propos numéro", "Statement", "رقم التصريح"),
        ["open"] = new("Ouverte", "Open", "مفتوح"), ["overdue"] = new("En retard", "Overdue", "متأخر"),
        ["followUps"] = new("Nombre de suites", "Number of follow-ups", "عدد المتابعات"),
        ["followUpsOn"] = new("Dates des suites", "Follow-ups on", "تواريخ المتابعات"), ["notes"] = new("Notes", "Notes", "الملاحظات"),
        ["stateOn"] = new("Date de l’état", "State since", "تاريخ الحالة"), ["title"] = new("Titre", "Title", "العنوان"),
        ["binding"] = new("Contraignant", "Binding", "ملزم"), ["acts"] = new("Actes", "Acts", "الإجراءات"),
        ["actsOn"] = new("Dates des actes", "Acts on", "تواريخ الإجراءات"),
        ["expiring"] = new("Échéance proche", "Expiring", "قرب الانتهاء"),
        ["code"] = new("Code", "Code", "الرمز"), ["fr"] = new("Nom français", "French name", "الاسم بالفرنسية"),
        ["en"] = new("Nom anglais", "English name", "الاسم بالإنجليزية"), ["ar"] = new("Nom arabe", "Arabic name", "الاسم بالعربية"),
        ["acronymFr"] = new("Sigle français", "French acronym", "المختصر الفرنسي"),
        ["acronymEn"] = new("Sigle anglais", "English acronym", "المختصر الإنجليزي"),
        ["acronymAr"] = new("Sigle arabe", "Arabic acronym", "المختصر العربي"), ["status"] = new("Statut", "Status", "الوضع"),
        ["certainty"] = new("Certitude", "Certainty", "اليقين"),
        ["certainStatus"] = new("Statut certain", "Certain status", "الوضع المؤكد"),
        ["modifiers"] = new("Mentions", "Modifiers", "الإشارات"), ["lastContact"] = new("Dernier contact", "Last contact", "آخر اتصال"),
        ["meetings"] = new("Rencontres", "Meetings", "اللقاءات"), ["actions"] = new("Actions", "Actions", "الإجراءات المتفق عليها"),
        ["openActions"] = new("Actions ouvertes", "Open actions", "الإجراءات المفتوحة"),
        ["instruments"] = new("Instruments", "Instruments", "الصكوك"), ["because"] = new("En raison de", "Because of", "بسبب"),
        ["asOf"] = new("À la date du", "As of", "بتاريخ"), ["knownAt"] = new("Connu au", "Known at", "كما كان معروفا في"),
        ["names"] = new("Noms", "Names", "الأسماء"), ["script"] = new("Écriture", "Script", "الكتابة"),
        ["country"] = new("Pays", "Country", "البلد"), ["offices"] = new("Fonctions", "Offices", "المناصب"),
        ["organisations"] = new("Organismes", "Organisations", "المنظمات"), ["publisher"] = new("Éditeur", "Publisher", "الناشر"),
        ["language"] = new("Langue", "Language", "اللغة"), ["published"] = new("Publié le", "Published", "تاريخ النشر"),
        ["url"] = new("Adresse", "Address", "العنوان الإلكتروني"), ["reliability"] = new("Fiabilité", "Reliability", "الموثوقية"),
        ["sha256"] = new("SHA-256", "SHA-256", "SHA-256"), ["digests"] = new("Empreintes", "Digests", "البصمات"),
        ["position"] = new("Position", "Position", "الموضع"), ["recordedAt"] = new("Enregistré le", "Recorded at", "تاريخ التسجيل"),
        ["type"] = new("Type", "Type", "النوع"), ["stream"] = new("Flux", "Stream", "التسلسل"),
        ["effective"] = new("Effet au", "Effective", "تاريخ النفاذ"), ["actor"] = new("Auteur", "Actor", "الفاعل"),
        ["onBehalfOf"] = new("Pour le compte de", "On behalf of", "نيابة عن"), ["reason"] = new("Motif", "Reason", "السبب"),
        ["commandId"] = new("Commande", "Command", "الأمر"), ["corrects"] = new("Rectifie", "Corrects", "يصحح"),
        ["digest"] = new("Empreinte", "Digest", "البصمة"), ["withheld"] = new("Réservé", "Withheld", "محجوب"),
        ["body"] = new("Contenu", "Body", "المحتوى"),
    };
}
