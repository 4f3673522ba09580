using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages;

/// <summary>What the pages of records say.</summary>
static class RecordWords
{
    public static readonly Label
        MeetingTitle = new("{0}, {1}", "{0}, {1}", "{0}، {1}"),
        Unnamed = new("Personne {0}", "Person {0}", "الشخص {0}"),
        Record = new("Fiche {0}", "Record {0}", "السجل {0}"),
        AskedFor = new("La fiche {0} a été fusionnée dans celle-ci.", "Record {0} was merged into this one.", "دمج السجل {0} في هذا السجل."),
        Withdrawn = new(
            "Cette fiche a été retirée : elle n’aurait jamais dû être dans le registre et ne compte plus.",
            "This record was withdrawn: it should never have been in the register and counts no longer.",
            "سحب هذا السجل: ما كان ينبغي أن يدرج ولم يعد يحتسب."),
        GoesOnly = new("À ne montrer qu’à : {0}", "For these groups only: {0}", "لهذه المجموعات فقط: {0}"),
        LoweringAsked = new("Une mention plus basse est demandée : {0}.", "A lower marking is asked for: {0}.", "طلب خفض درجة السرية إلى: {0}."),
        CitedBy = new("Fiches qui s’y réfèrent", "Cited by", "السجلات التي تحيل إليه"),
        CitedByNothing = new("Aucune fiche ne s’y réfère.", "No record cites it.", "لا سجل يحيل إليه."),
        CitedMore = new("{0} premières fiches sur {1}.", "The first {0} records of {1}.", "أول {0} سجلات من أصل {1}."),
        CitedNotAll = new(
            "La liste n’est pas encore complète : l’index se constitue. Rechargez la page dans un instant.", "The list is not complete yet: the index is being made. Load the page again in a moment.",
            "القائمة غير مكتملة بعد: الفهرس قيد الإنشاء. أعيدوا تحميل الصفحة بعد لحظة."),
        WhatItSays = new("Ce que dit la fiche", "What the record says", "ما يقوله السجل"),
        Date = new("Date", "Date", "التاريخ"),
        AsGiven = new("dans la source : « {0} »", "in the source: “{0}”", "كما ورد في المصدر: «{0}»"),
        Place = new("Lieu", "Place", "المكان"),
        Partners = new("Partenaires", "Partners", "الشركاء"),
        PartOf = new("Fait partie de", "Part of", "جزء من"),
        HomeOrganisation = new("Organisme national", "Home organisation", "الهيئة الوطنية"),
        State = new("Situation", "State", "الوضع"),
        Validated = new("Validée", "Validated", "تم اعتماده"),
        NotValidated = new("pas encore validée", "not validated yet", "لم يعتمد بعد"),
        Participants = new("Participants et fonctions ce jour-là", "Participants and offices on that day", "المشاركون ومناصبهم في ذلك اليوم"),
        OurSide = new("Notre côté", "Our side", "جانبنا"),
        PartnerSide = new("Le partenaire", "The partner", "الشريك"),
        NoParticipants = new("Personne n’est nommé.", "Nobody is named.", "لم يذكر أحد."),
        Acting = new("par intérim", "acting", "بالنيابة"),
        DescribedOnly = new("non identifié", "not identified", "غير محدد الهوية"),
        Statements = new("Déclarations", "Statements", "التصريحات"),
        NoStatements = new("Aucune déclaration enregistrée.", "No statement on record.", "لا تصريح مسجلا."),
        SetPhrases = new("Formules d’usage ({0}), sans effet sur l’état", "Set phrases ({0}), which count for no status", "عبارات المجاملة ({0})، لا أثر لها في الحالة"),
        Joint = new("les deux ensemble", "joint", "مشترك"),
        Opened = new("a ouvert", "opened", "ترتب عنه"),
        ReadBefore = new("d’abord lue comme : {0}", "first read as: {0}", "قرئ أولا على أنه: {0}"),
        Outcomes = new("Ce qu’il en est advenu", "What became of it", "مآله"),
        PostponedTo = new("Reportée au : {0}", "Postponed to: {0}", "أجل إلى: {0}"),
        PostponedOpen = new("Reportée, sans nouvelle date", "Postponed, no new date", "أجل دون تاريخ جديد"),
        Cancelled = new("Annulée", "Cancelled", "ألغي"),
        Held = new("Tenue", "Held", "انعقد"),
        By = new("par : {0}", "by: {0}", "من قبل: {0}"),
        FollowUps = new("Suivis", "Follow-ups", "المتابعات"),
        NoFollowUps = new("Aucun suivi enregistré.", "No follow-up on record.", "لا متابعة مسجلة."),
        LeavesState = new("laisse l’action : {0}", "leaves the action: {0}", "يترك الإجراء: {0}"),
        NextReview = new("prochain réexamen : {0}", "next review: {0}", "المراجعة المقبلة: {0}"),
        Changes = new("Changements de situation", "Changes of state", "تغيرات الوضع"),
        OwedBy = new("À la charge de", "Owed by", "على عاتق"),
        Owner = new("Responsable", "Owner", "المسؤول"),
        AgreedOn = new("Convenue le", "Agreed on", "تاريخ الاتفاق"),
        Due = new("Échéance", "Due", "الأجل"),
        Review = new("Réexamen", "Review", "المراجعة"),
        NoReview = new("aucun", "none", "لا شيء"),
        Computed = new("calculé", "computed", "محسوب"),
        Meeting = new("Rencontre", "Meeting", "اللقاء"),
        StatementNumber = new("déclaration {0}", "statement {0}", "التصريح {0}"),
        SupersededBy = new("Remplacée par", "Superseded by", "حل محله"),
        Kind = new("Nature", "Kind", "النوع"),
        Binding = new("Force juridique", "Legal force", "القوة القانونية"),
        Parties = new("Parties", "Parties", "الأطراف"),
        Effect = new("Prise d’effet", "Effect", "السريان"),
        OnSignature = new("à la signature", "on signature", "عند التوقيع"),
        OnNotification = new("après la dernière notification ({0} jours)", "after the last notification ({0} days)", "بعد آخر إشعار ({0} يوما)"),
        EffectNotStated = new("non précisée", "not stated", "غير محدد"),
        Acts = new("Actes", "Acts", "الإجراءات القانونية"),
        NoActs = new("Aucun acte enregistré.", "No act on record.", "لا إجراء مسجلا."),
        Colon = new("\u00a0: ", ": ", ": "),
        Done = new("Fait", "Done", "تم"),
        Follows = new("Calculé", "Computed", "محسوب"),
        Expected = new("Attendu", "Expected", "مرتقب"),
        AllParties = new("toutes les parties", "all parties", "جميع الأطراف"),
        NoDate = new("sans date", "no date", "بلا تاريخ"),
        OfPart = new("partie concernée : {0}", "part concerned: {0}", "الجزء المعني: {0}"),
        Until = new("jusqu’au : {0}", "until: {0}", "إلى غاية: {0}"),
        Terms = new("Durée", "Term", "المدة"),
        TermOpen = new("sans terme", "open", "غير محددة"),
        TermEnds = new("prend fin d’elle-même", "ends by itself", "تنتهي تلقائيا"),
        TermTacit = new("reconduction tacite", "tacitly renewed", "تجدد ضمنيا"),
        ReportedActs = new("Actes rapportés, non retenus", "Acts reported, not followed", "إجراءات مذكورة لم تعتمد"),
        Texts = new("Textes déposés", "Texts attached", "النصوص المرفقة"),
        Links = new("Liens avec d’autres instruments", "Links to other instruments", "الصلات بصكوك أخرى"),
        CarriesOut = new("met en œuvre", "carries out", "ينفذ"),
        Amends = new("modifie", "amends", "يعدل"),
        Replaces = new("remplace", "replaces", "يحل محل"),
        AmendedBy = new("modifié par", "amended by", "عدله"),
        Offices = new("Fonctions", "Offices", "المناصب"),
        NoOffices = new("Aucune fonction enregistrée.", "No office on record.", "لا منصب مسجلا."),
        HeldNow = new("en fonction au {0}", "held on {0}", "يشغله في {0}"),
        NoLonger = new("pas en fonction au {0}", "not held on {0}", "لا يشغله في {0}"),
        Country = new("Pays", "Country", "البلد"),
        Acronyms = new("Sigles", "Acronyms", "المختصرات"),
        FormerNames = new("Anciens noms", "Former names", "الأسماء السابقة"),
        PartnerCode = new("Partenaire sous le code", "Partner under the code", "شريك تحت الرمز"),
        ErasureAsked = new("Un effacement est demandé.", "An erasure is asked for.", "طلب محو البيانات."),
        OnHold = new("Conservation obligatoire : {0}", "Kept for a proceeding: {0}", "حفظ إلزامي: {0}"),
        Publisher = new("Éditeur", "Publisher", "الناشر"),
        Language = new("Langue", "Language", "اللغة"),
        Published = new("Publiée le", "Published on", "تاريخ النشر"),
        Address = new("Adresse", "Address", "العنوان الإلكتروني"),
        Digest = new("Empreinte SHA-256", "SHA-256 digest", "بصمة SHA-256"),
        Reliability = new("Fiabilité (code de l’Amirauté)", "Reliability (Admiralty code)", "الموثوقية (رمز الأميرالية)"),
        Occasions = new("Événements évoqués", "Occasions referred to", "المناسبات المشار إليها"),
        Sources = new("Sources", "Sources", "المصادر"),
        NoSources = new("Aucune source indiquée.", "No source given.", "لا مصدر مذكورا."),
        Reports = new("Ce que disent les sources, côte à côte", "What the sources say, side by side", "ما تقوله المصادر جنبا إلى جنب"),
        ReportValue = new("Ce qui est dit", "What is said", "ما قيل"),
        ReportStanding = new("Rapport à la fiche", "How it stands", "صلته بالسجل"),
        Chosen = new("Retenu parce que : {0}", "Preferred because: {0}", "رجح لأن: {0}"),
        Story = new("Histoire de la fiche", "History of the record", "تاريخ السجل"),
        RawFields = new("Champs enregistrés", "Fields as recorded", "الحقول كما سجلت"),
        Topics = new("Thèmes", "Topics", "المواضيع"),
        OpenPartnership = new("Page du partenariat", "Page of the partnership", "صفحة الشراكة"),
        WaitingOnPartner = new("attend le partenaire", "waiting on the partner", "في انتظار الشريك"),
        Notes = new("Notes", "Notes", "ملاحظات");

    public static Label Of(TermKind kind) => kind switch
    {
        TermKind.Open => TermOpen,
        TermKind.Ends => TermEnds,
        TermKind.Tacit => TermTacit,
    };

    public static Label Of(LinkKind kind) => kind switch
    {
        LinkKind.CarriesOut => CarriesOut,
        LinkKind.Amends => Amends,
        LinkKind.Replaces => Replaces,
    };

    /// <summary>When an instrument says that it takes effect.</summary>
    public static string Of(Effect? effect, Language l) => effect?.Kind switch
    {
        EffectKind.OnSignature => l.Say(OnSignature),
        EffectKind.OnLastNotification => l.Say(OnNotification, l.Say(effect.Days ?? 0)),
        EffectKind.OnDay => effect.On is { } on ? l.Say(on) : l.Say(EffectNotStated),
        EffectKind.NotStated or null => l.Say(EffectNotStated),
    };

    /// <summary>What became of a planned meeting.</summary>
    public static string Of(MeetingOutcome o, Language l) => o.Kind switch
    {
        OutcomeKind.Postponed => o.Date is { IsUnknown: false } date ? l.Say(PostponedTo, l.Say(date)) : l.Say(PostponedOpen),
        OutcomeKind.Cancelled => l.Say(Cancelled),
        OutcomeKind.Held => l.Say(Held),
    };

    /// <summary>In which order statements stand: what binds most comes first.</summary>
    public static int Rank(Force force) => force switch
    {
        Force.AgreedAction => 0,
        Force.PlannedInstrument => 1,
        Force.Intent => 2,
        Force.Objection => 3,
        Force.Denial => 4,
        Force.Discussed => 5,
        Force.Appreciation => 6,
    };

    /// <summary>How a reading stands to what the record says.</summary>
    public static readonly IReadOnlyDictionary<string, Label> Standings = new Dictionary<string, Label>
    {
        ["preferred"] = new("retenu : la fiche le dit", "preferred: the record says so", "مرجح: يقوله السجل"),
        ["agrees"] = new("concorde", "agrees", "يتفق"),
        ["less-precise"] = new("moins précis", "less precise", "أقل دقة"),
        ["more-precise"] = new("plus précis", "more precise", "أكثر دقة"),
        ["competes"] = new("contredit la fiche", "contradicts the record", "يناقض السجل"),
        ["withdrawn"] = new("retiré", "withdrawn", "مسحوب"),
    };

    public static readonly IReadOnlyDictionary<string, Label> NameKinds = new Dictionary<string, Label>
    {
        ["name"] = new("Nom", "Name", "الاسم"), ["variant"] = new("Variante", "Variant", "صيغة أخرى"),
        ["erroneous"] = new("Forme erronée", "Wrong form", "صيغة خاطئة"), ["contact"] = new("Coordonnées", "Contact", "بيانات الاتصال"),
    };
}
