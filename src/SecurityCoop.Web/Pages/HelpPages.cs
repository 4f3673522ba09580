using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages;

/// <summary>Help in one place: what statuses, forces, dates and markings mean.</summary>
static class HelpPages
{
    public const string Path = "/help";

    public static IResult Get(HttpContext http) => new RazorComponentResult<HelpPage>(new { Language = Language.Of(http) });
}

/// <summary>What the help says, each entry in the model's order.</summary>
static class HelpWords
{
    public static readonly Label
        Lead = new(
            "Le registre garde ce que des sources disent des rencontres, des actions et des instruments. L’état d’un partenariat n’y est jamais saisi : il se déduit de ce qui est enregistré, et chaque état dit pourquoi.",
            "The register keeps what sources say of meetings, actions and instruments. Nobody enters the status of a partnership: it follows from what is recorded, and every status says why.",
            "يحفظ السجل ما تقوله المصادر عن اللقاءات والإجراءات والصكوك. لا أحد يدخل حالة الشراكة: تستنتج مما هو مسجل، وتبين كل حالة سببها."),
        Statuses = new("États d’un partenariat", "Statuses of a partnership", "حالات الشراكة"),
        StatusesLead = new(
            "La première règle qui s’applique donne l’état.", "The first rule that holds gives the status.", "أول قاعدة تنطبق هي التي تحدد الحالة."),
        Notes = new("À signaler", "To note", "للتنبيه"),
        Forces = new("Portée d’une déclaration", "Force of a statement", "درجة التزام التصريح"),
        Certain = new("Certain et possible", "Certain and possible", "المؤكد والمحتمل"),
        CertainText = new(
            "Ce qui dépend d’une date imprécise n’est que possible : l’étiquette est en tirets, dit « Peut-être », et ce qui est certain est écrit à côté.",
            "What depends on an imprecise date is only possible: the badge is dashed, says “Possibly”, and what is certain stands beside it.",
            "ما يتوقف على تاريخ غير دقيق محتمل فحسب: يكون إطاره متقطعا مع كلمة «ربما»، ويكتب المؤكد إلى جانبه."),
        Dates = new("Dates", "Dates", "التواريخ"),
        DatesText = new(
            "Une date dit ce que l’on sait, et rien de plus : un jour, un mois dont le jour est inconnu, l’un de plusieurs jours, une durée, ou rien. Le registre n’invente jamais un jour. Le texte de la source est gardé à côté.",
            "A date says what is known and nothing more: a day, a month whose day is unknown, one of several days, a duration, or nothing. The register never invents a day. The words of the source are kept beside it.",
            "يبين التاريخ ما هو معروف لا أكثر: يوما، أو شهرا يجهل يومه، أو يوما من عدة أيام، أو مدة، أو لا شيء. لا يختلق السجل يوما أبدا، ويحفظ نص المصدر إلى جانبه."),
        Clocks = new("Deux horloges", "Two clocks", "ساعتان"),
        ClocksText = new(
            "« Situation au » choisit le jour du monde. « Tel que connu le » choisit ce que le registre savait ce jour-là. Si l’une ne dit pas maintenant, un bandeau le rappelle et rien ne s’enregistre.",
            "“Situation on” chooses the day of the world. “As known on” chooses what the register knew on that day. Where one of them does not say now, a band says so and nothing can be recorded.",
            "يختار «الوضع في» يوما من أيام الواقع، ويختار «كما كان معروفا في» ما كان السجل يعلمه في ذلك اليوم. إذا لم تكن إحداهما على الآن ظهر شريط ينبه إلى ذلك ولم يمكن التسجيل."),
        Markings = new("Mentions", "Markings", "درجات السرية"),
        MarkingsText = new(
            "De la plus basse à la plus haute. Vous voyez ce que votre habilitation couvre ; le reste est pour vous comme s’il n’existait pas. Le bandeau en haut de chaque page, imprimé aussi, porte la plus haute mention de la page.",
            "From the lowest to the highest. You see what your clearance covers; the rest is for you as if it were not there. The band at the top of each page, on paper too, says the highest marking on the page.",
            "من الأدنى إلى الأعلى. ترون ما تشمله درجة اطلاعكم، وما عداه كأنه غير موجود. يحمل الشريط في أعلى كل صفحة، وفي المطبوع كذلك، أعلى درجة سرية في الصفحة."),
        Corrections = new("Rectifications", "Corrections", "التصحيحات"),
        CorrectionsText = new(
            "Rien n’est effacé : une rectification s’ajoute, avec son motif, et l’historique de chaque fiche dit qui a changé quoi, quand et pourquoi.",
            "Nothing is overwritten: a correction is added, with its reason, and the history of each record says who changed what, when and why.",
            "لا يمحى شيء: يضاف التصحيح مع سببه، ويبين تاريخ كل سجل من غيّر ماذا ومتى ولماذا.");

    public static readonly IReadOnlyDictionary<string, Label> OfStatus = new Dictionary<string, Label>
    {
        ["suspended"] = new("La coopération, ou son seul cadre, est suspendue.", "Cooperation, or its only framework, is suspended.", "التعاون، أو إطاره الوحيد، معلق."),
        ["framework-active"] = new("Un instrument est en vigueur ou a pris effet.", "An instrument is in force or in effect.", "يوجد صك ساري المفعول."),
        ["signed"] = new("Un instrument est signé et n’a pas encore d’effet.", "An instrument is signed and has no effect yet.", "يوجد صك موقع لم يسر بعد."),
        ["committed"] = new("Une action convenue ou un instrument envisagé est ouvert.", "An agreed action or a planned instrument is open.", "يوجد إجراء متفق عليه أو صك مزمع إبرامه لم ينجز بعد."),
        ["lapsed"] = new("Tout ce qui était signé a pris fin.", "All that was signed has ended.", "انتهى كل ما كان موقعا."),
        ["intent"] = new("Le partenaire, ou les deux ensemble, ont dit vouloir coopérer.", "The partner, or both together, said that they want to cooperate.", "عبر الشريك، أو الطرفان معا، عن الرغبة في التعاون."),
        ["contact"] = new("Une rencontre a eu lieu.", "A meeting took place.", "عقد لقاء."),
        ["no-record"] = new("Rien n’est enregistré.", "Nothing is on record.", "لا شيء مسجل."),
        ["closed"] = new("Le dossier est clos ; l’état calculé reste écrit à côté.", "The file is closed; the computed status stays beside it.", "الملف مغلق؛ وتبقى الحالة المستنتجة مكتوبة إلى جانبه."),
    };

    public static readonly IReadOnlyDictionary<string, Label> OfModifier = new Dictionary<string, Label>
    {
        ["overdue"] = new("Une échéance ou une signature attendue est passée.", "A due date or an expected signature has passed.", "انقضى أجل أو موعد توقيع مرتقب."),
        ["undated-commitment"] = new("Un engagement ouvert n’a pas de date.", "An open commitment has no date.", "يوجد التزام قائم بلا تاريخ."),
        ["expiring"] = new("Un instrument arrive à terme, ou le dernier jour pour le dénoncer approche.", "An instrument is about to end, or the last day for notice is near.", "يقترب انتهاء صك أو آخر أجل للإشعار بإنهائه."),
        ["dormant"] = new("Aucun contact depuis plus longtemps que la période de réexamen.", "No contact for longer than the review period.", "لا اتصال منذ مدة تفوق فترة المراجعة."),
        ["review-due"] = new("Le jour de réexamen est arrivé.", "The review day has come.", "حان يوم المراجعة."),
        ["disputed"] = new("Des sources se contredisent sur ce dont l’état dépend.", "Sources contradict each other on what the status depends on.", "تتضارب المصادر فيما تتوقف عليه الحالة."),
        ["to-verify"] = new("Une action est signalée comme faite et personne ne l’a vérifiée.", "An action is reported done and nobody has verified it.", "أبلغ عن إنجاز إجراء ولم يتحقق منه أحد."),
    };

    public static readonly IReadOnlyDictionary<string, Label> OfForce = new Dictionary<string, Label>
    {
        ["discussed"] = new("Un sujet a été abordé ; personne ne s’engage.", "A matter was talked about; nobody commits.", "جرى التطرق إلى موضوع دون التزام."),
        ["intent"] = new("Quelqu’un dit vouloir faire.", "Somebody says that they want to do something.", "عبر طرف عن رغبته في فعل شيء."),
        ["agreed-action"] = new("Selon la source, une action est convenue : elle ouvre un suivi.", "By the source, an action is agreed: it opens a follow-up.", "اتفق على إجراء حسب المصدر: يفتح له تتبع."),
        ["planned-instrument"] = new("Un accord ou un mémorandum doit être conclu.", "An agreement or memorandum is to be concluded.", "يزمع إبرام اتفاق أو مذكرة."),
        ["appreciation"] = new("Une marque d’estime, sans engagement.", "A word of esteem, without commitment.", "عبارة تقدير دون التزام."),
        ["objection"] = new("Un désaccord est exprimé.", "A disagreement is stated.", "عبر طرف عن اعتراضه."),
        ["denial"] = new("Un fait rapporté est nié.", "A reported fact is denied.", "نفي واقعة مذكورة."),
    };
}
