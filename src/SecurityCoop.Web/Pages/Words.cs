using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages;

/// <summary>What the pages themselves say. Labels of the model's codes are in <see cref="Labels"/>.</summary>
static class Words
{
    public static readonly Label
        Register = new("Registre de la coopération sécuritaire internationale", "Register of international security cooperation", "سجل التعاون الأمني الدولي"),
        SkipToContent = new("Aller au contenu", "Skip to content", "الانتقال إلى المحتوى"),
        Languages = new("Langue", "Language", "اللغة"),
        SignOut = new("Se déconnecter", "Sign out", "تسجيل الخروج"),
        BackToStatus = new("État des partenariats", "Status of partnerships", "حالة الشراكات"),
        StatusOn = new("État des partenariats au {0}", "Status of partnerships on {0}", "حالة الشراكات في {0}"),
        Day = new("Situation au", "Situation on", "الوضع في تاريخ"),
        Counting = new("Sont comptés", "What counts", "ما يحتسب"),
        AnyHome = new("tous les organismes nationaux", "every home organisation", "جميع الهيئات الوطنية"),
        ServiceHome = new("le service seul", "the service alone", "المصلحة وحدها"),
        Show = new("Afficher", "Show", "عرض"),
        Partner = new("Partenaire", "Partner", "الشريك"),
        Status = new("État", "Status", "الحالة"),
        LastContact = new("Dernier contact", "Last contact", "آخر اتصال"),
        NoDatedContact = new("aucun contact daté", "no dated contact", "لا اتصال مؤرخ"),
        Counts = new("Enregistrements", "On record", "المسجل"),
        CountsOf = new(
            "rencontres : {0} · déclarations : {1} · actions : {2} (ouvertes : {3}) · instruments : {4}", "meetings: {0} · statements: {1} · actions: {2} (open: {3}) · instruments: {4}",
            "اللقاءات: {0} · التصريحات: {1} · الإجراءات: {2} (المفتوحة منها: {3}) · الصكوك: {4}"),
        Closed = new("Partenariat clos", "Partnership closed", "شراكة مغلقة"),
        Possible = new("possible", "possible", "محتمل"),
        Computed = new("déduit d’une clause", "follows from a clause", "مستنتج من بند"),
        Modifiers = new("À signaler", "To note", "للتنبيه"),
        NoReasons = new("Rien n’est enregistré qui fonde un autre état.", "Nothing is on record that would give another status.", "لا يوجد في السجل ما يفضي إلى حالة أخرى."),
        OpenActions = new("Actions ouvertes", "Open actions", "الإجراءات المفتوحة"),
        NoActions = new("Aucune action ouverte.", "No open action.", "لا إجراء مفتوحا."),
        Instruments = new("Instruments", "Instruments", "الصكوك"),
        NoInstruments = new("Aucun instrument enregistré.", "No instrument on record.", "لا صك مسجلا."),
        NoPartnerships = new("Aucun partenariat ouvert à cet état du registre.", "No partnership is open in this state of the register.", "لا شراكة مفتوحة في هذه الحالة من السجل."),
        Due = new("échéance : {0}", "due: {0}", "الأجل: {0}"),
        Undated = new("sans échéance", "no due date", "بلا أجل محدد"),
        Standing = new("permanente : {0}", "standing: {0}", "دائم: {0}"),
        ReviewOn = new("réexamen : {0}", "review: {0}", "المراجعة: {0}"),
        Owner = new("responsable : {0}", "owner: {0}", "المسؤول: {0}"),
        LastFollowUp = new("dernier suivi ({0})", "last follow-up ({0})", "آخر متابعة ({0})"),
        EffectAssumed = new("prise d’effet à la signature supposée", "effect on signature is assumed", "يفترض سريانه عند التوقيع"),
        Unsupported = new("acte antérieur non enregistré pour : {0}", "an earlier act is not on record for: {0}", "لم يسجل إجراء سابق لما يلي: {0}"),
        Or = new(" ou ", " or ", " أو "),
        Source = new("Source", "Source", "المصدر"),
        Paragraph = new("§\u00a0{0}", "para.\u00a0{0}", "الفقرة\u00a0{0}"),
        Sentence = new("phrase\u00a0{0}", "sentence\u00a0{0}", "الجملة\u00a0{0}"),
        Suspension = new("Suspension du partenariat", "Suspension of the partnership", "تعليق الشراكة"),
        SupersededBy = new("Remplacement", "Superseded", "الحلول محل صك"),
        Report = new("Avis divergent : {0}", "Competing report: {0}", "رواية مخالفة: {0}"),
        Preferred = new("Avis retenu : {0}", "Preferred report: {0}", "رواية مرجحة: {0}"),
        Term = new("Terme de l’instrument", "Term of the instrument", "مدة الصك"),
        EndsOn = new("fin : {0} (date calculée)", "ends: {0} (computed)", "الانتهاء: {0} (تاريخ محسوب)"),
        NoticeBy = new("dénonciation possible jusqu’au : {0} (date calculée)", "notice by: {0} (computed)", "آخر أجل للإشعار: {0} (تاريخ محسوب)"),
        AnnouncedEnd = new("fin annoncée : {0}", "announced end: {0}", "تاريخ الإنهاء المعلن: {0}"),
        OriginWithdrawn = new("la déclaration d’origine a été retirée", "the statement behind it was withdrawn", "سحب التصريح الذي نشأ عنه"),
        OriginForce = new("la déclaration d’origine se lit désormais : {0}", "the statement behind it now reads: {0}", "يقرأ التصريح الذي نشأ عنه الآن على أنه: {0}"),
        AsKnown = new("Journal lu jusqu’à la position {0}.", "Log read up to position {0}.", "قرئ السجل إلى الموضع {0}."),
        AsKnownAt = new("Tel que connu à {0}.", "As known at {0}.", "كما كان معروفا عند {0}."),
        AsKnownOn = new("Tel que connu le {0}.", "As known on {0}.", "كما كان معروفا في {0}."),
        AsKnownAtEndOf = new("Tel que connu à la fin du {0}.", "As known at the end of {0}.", "كما كان معروفا عند نهاية يوم {0}."),
        Partial = new("Établi sans ce que vous n’êtes pas habilité à voir.", "Read without what you may not see.", "أُعدت دون ما لا يحق لكم الاطلاع عليه."),
        Provisional = new("Réponse provisoire : cet instant n’est pas révolu.", "Provisional: this instant has not passed yet.", "إجابة مؤقتة: لم تنقض هذه اللحظة بعد."),
        StatusAsked = new("État demandé", "Status asked about", "الحالة المسؤول عنها"),
        Explain = new("Expliquer", "Explain", "بيان السبب"),
        Since = new("Depuis", "Since", "منذ"),
        SinceHint = new(
            "Un jour, comme 2026-01-27, ou une position du journal, comme @1",
            "A day, like 2026-01-27, or a position in the log, like @1",
            "يوم مثل 2026-01-27 أو موضع في السجل مثل @1"),
        Compare = new("Comparer", "Compare", "مقارنة"),
        Timeline = new("Chronologie", "Timeline", "التسلسل الزمني"),
        NothingYet = new("Rien n’est enregistré.", "Nothing is on record.", "لا شيء مسجل."),
        Earlier = new("Suite", "More", "المزيد"),
        Withdrawn = new("retiré", "withdrawn", "مسحوب"),
        Foreseen = new("à venir", "still to come", "لم يحن بعد"),
        SuspendedParts = new("Suspendu en partie", "Suspended in part", "المعلق جزئيا"),
        SuspendedBy = new("par : {0}", "by: {0}", "من قبل: {0}"),
        OurSide = new("notre côté", "our side", "جانبنا"),
        Jointly = new("les deux parties ensemble", "both sides together", "الطرفان معا"),
        ReviewMonths = new("Période de réexamen (en mois)", "Review period (in months)", "فترة المراجعة (بالأشهر)"),
        FocalPoints = new("Points focaux", "Focal points", "نقاط الاتصال"),
        NoFocalPoints = new("Aucun point focal désigné.", "No focal point assigned.", "لم تعين نقطة اتصال."),
        SinceDay = new("depuis : {0}", "since: {0}", "منذ: {0}"),
        Notes = new("Notes", "Notes", "ملاحظات"),
        NoNotes = new("Aucune note.", "No note.", "لا ملاحظات."),
        History = new("Historique de {0}", "History of {0}", "تاريخ السجل {0}"),
        HistoryLead = new(
            "Tous les événements dans l’ordre de leur enregistrement. Rien n’est jamais effacé : une rectification dit ce qui était écrit et ce qui l’est désormais.",
            "Every event in the order of recording. Nothing is ever overwritten: a correction says what stood there and what stands there now.",
            "جميع الأحداث وفق ترتيب تسجيلها. لا يمحى شيء أبدا: يبين كل تصحيح ما كان مكتوبا وما صار عليه."),
        Happened = new("Dans le monde", "In the world", "في الواقع"),
        NotOfTheWorld = new("sans date propre", "no date of its own", "دون تاريخ خاص"),
        Recorded = new("Enregistré", "Recorded", "التسجيل"),
        RecordedBy = new("Par", "By", "من قبل"),
        OnBehalfOf = new("pour {0}", "on behalf of {0}", "نيابة عن {0}"),
        Reason = new("Motif", "Reason", "السبب"),
        NoReason = new("non indiqué", "not given", "غير مذكور"),
        Marking = new("Mention", "Marking", "درجة السرية"),
        Content = new("Contenu enregistré", "What was recorded", "المحتوى المسجل"),
        Change = new("Ce qui a changé", "What changed", "ما الذي تغير"),
        Field = new("Champ", "Field", "الحقل"),
        Was = new("Était", "Was", "كان"),
        Is = new("Est", "Is", "صار"),
        Empty = new("(vide)", "(empty)", "(فارغ)"),
        Protected = new("Valeurs protégées : {0}", "Protected values: {0}", "قيم محمية: {0}"),
        ProtectedText = new("texte protégé", "protected text", "نص محمي"),
        ValueWithheld = new("réservée", "withheld", "محجوبة"),
        Erased = new("effacée le {0}", "erased on {0}", "محيت في {0}"),
        Withheld = new("Événement réservé : sa mention dépasse votre habilitation.", "Withheld: its marking is above your clearance.", "حدث محجوب: درجة سريته تفوق ما هو مخول لكم.");

    public static Label Of(OwedBy by) => by switch
    {
        OwedBy.Home => new("à notre charge", "owed by our side", "على عاتق جانبنا"),
        OwedBy.Partner => new("à la charge du partenaire", "owed by the partner", "على عاتق الشريك"),
        OwedBy.Both => new("à la charge des deux parties", "owed by both sides", "على عاتق الطرفين"),
    };

    public static Label Of(Binding binding) => binding switch
    {
        Binding.Binding => new("juridiquement contraignant", "legally binding", "ملزم قانونا"),
        Binding.NonBinding => new("non contraignant", "not legally binding", "غير ملزم قانونا"),
        Binding.Unknown => new("caractère contraignant non précisé", "whether it binds is not stated", "لم يحدد طابعه الملزم"),
    };

    /// <summary>What an event's wire name says ("meeting_statement_recorded" is a meeting's "statement_recorded").</summary>
    public static string Event(string type, Language l) => l.Say(Events, type[(type.IndexOf('_', StringComparison.Ordinal) + 1)..]);

    /// <summary>What changed a value on which an answer rests.</summary>
    public static readonly IReadOnlyDictionary<string, Label> ChangedValues = new Dictionary<string, Label>
    {
        ["refined"] = new("Précision", "Made more precise", "تدقيق"), ["corrected"] = new("Rectification", "Corrected", "تصحيح"),
        ["reclassified"] = new("Requalification", "Reclassified", "إعادة تصنيف"), ["set"] = new("Valeur fixée", "Set", "تحديد القيمة"),
    };

    /// <summary>The same by what follows the kind of record.</summary>
    public static readonly IReadOnlyDictionary<string, Label> Events = new Dictionary<string, Label>
    {
        ["registered"] = new("Enregistrement", "Registered", "التسجيل"), ["digest_recorded"] = new("Ajout d’une empreinte", "Digest recorded", "إضافة بصمة"),
        ["note_added"] = new("Ajout d’une note", "Note added", "إضافة ملاحظة"), ["corrected"] = new("Rectification", "Corrected", "تصحيح"), ["withdrawn"] = new("Retrait", "Withdrawn", "سحب"),
        ["described"] = new("Description", "Described", "الوصف"), ["name_variant_added"] = new("Ajout d’une variante du nom", "Name variant added", "إضافة صيغة أخرى للاسم"),
        ["erroneous_name_noted"] = new("Signalement d’un nom erroné", "Erroneous name noted", "الإشارة إلى اسم خاطئ"), ["office_recorded"] = new("Enregistrement d’une fonction", "Office recorded", "تسجيل منصب"),
        ["agreed"] = new("Accord sur l’action", "Agreed", "الاتفاق على الإجراء"), ["assigned"] = new("Désignation du responsable", "Assigned", "تعيين المسؤول"),
        ["due_date_set"] = new("Fixation de l’échéance", "Due date set", "تحديد الأجل"), ["review_date_set"] = new("Fixation de la date de réexamen", "Review date set", "تحديد تاريخ المراجعة"),
        ["follow_up_recorded"] = new("Suivi", "Follow-up", "متابعة"), ["blocked"] = new("Blocage", "Blocked", "تعثر"), ["unblocked"] = new("Déblocage", "Unblocked", "تجاوز التعثر"),
        ["reported_done"] = new("Signalement comme faite", "Reported done", "الإبلاغ بالإنجاز"), ["verified"] = new("Vérification", "Verified", "التحقق"), ["reopened"] = new("Réouverture", "Reopened", "إعادة الفتح"),
        ["dropped"] = new("Abandon", "Dropped", "التخلي"), ["lapsed"] = new("Caducité", "Lapsed", "السقوط"), ["superseded"] = new("Remplacement", "Superseded", "الحلول محله"),
        ["opened"] = new("Ouverture", "Opened", "الفتح"), ["act_recorded"] = new("Acte", "Act", "إجراء"), ["amended_by"] = new("Modification par un autre instrument", "Amended by another", "التعديل بصك آخر"),
        ["superseded_in_part_by"] = new("Remplacement partiel par un autre instrument", "Superseded in part by another", "حلول صك آخر محل جزء منه"), ["linked"] = new("Lien avec un autre instrument", "Linked to another", "الربط بصك آخر"),
        ["term_set"] = new("Fixation de la durée", "Term set", "تحديد المدة"), ["origin_changed"] = new("Changement de la déclaration d’origine", "Origin changed", "تغير التصريح الذي نشأ عنه"),
        ["superseded_by"] = new("Remplacement par un autre instrument", "Superseded by another", "حلول صك آخر محله"), ["text_attached"] = new("Dépôt du texte", "Text attached", "إرفاق النص"),
        ["suspended"] = new("Suspension", "Suspended", "التعليق"), ["resumed"] = new("Reprise", "Resumed", "الاستئناف"), ["review_period_set"] = new("Fixation de la période de réexamen", "Review period set", "تحديد فترة المراجعة"),
        ["focal_point_assigned"] = new("Désignation d’un point focal", "Focal point assigned", "تعيين نقطة اتصال"), ["closed"] = new("Clôture", "Closed", "الإغلاق"),
        ["statement_recorded"] = new("Déclaration", "Statement", "تصريح"), ["statement_opened"] = new("Ouverture par une déclaration", "Opened by a statement", "الفتح بموجب تصريح"),
        ["statement_reclassified"] = new("Requalification d’une déclaration", "Statement reclassified", "إعادة تصنيف تصريح"),
        ["marking_raised"] = new("Relèvement de la mention", "Marking raised", "رفع درجة السرية"),
        ["marking_lowering_asked"] = new("Demande d’abaissement de la mention", "Lower marking asked for", "طلب خفض درجة السرية"),
        ["marking_lowered"] = new("Abaissement de la mention", "Marking lowered", "خفض درجة السرية"),
        ["partner_code_given"] = new("Rendue partenaire sous un code", "Made a partner under a code", "صارت شريكا برمز"),
        ["renamed"] = new("Changement de nom", "Renamed", "تغيير الاسم"), ["planned"] = new("Prévision", "Planned", "البرمجة"), ["held"] = new("Tenue", "Held", "الانعقاد"),
        ["postponed"] = new("Report", "Postponed", "التأجيل"), ["cancelled"] = new("Annulation", "Cancelled", "الإلغاء"),
        ["report_recorded"] = new("Avis d’une source", "Report of a source", "رواية مصدر"), ["report_preferred"] = new("Choix entre les avis", "Report preferred", "ترجيح رواية"),
        ["refined"] = new("Précision", "Refined", "تدقيق"), ["act_reported"] = new("Acte rapporté par une source", "Act reported by a source", "إجراء أورده مصدر"),
        ["merged"] = new("Fusion avec une autre fiche", "Merged into another record", "الدمج في سجل آخر"), ["absorbed"] = new("Fusion d’une autre fiche dans celle-ci", "Another record merged into this one", "دمج سجل آخر في هذا السجل"),
        ["participant_identified"] = new("Identification d’un participant", "Participant identified", "تحديد هوية مشارك"), ["validated"] = new("Validation", "Validated", "المصادقة"),
        ["erasure_requested"] = new("Demande d’effacement", "Erasure requested", "طلب المحو"), ["erasure_cancelled"] = new("Annulation de la demande d’effacement", "Erasure request cancelled", "إلغاء طلب المحو"),
        ["erased"] = new("Effacement des valeurs protégées", "Protected values erased", "محو البيانات المحمية"), ["hold_placed"] = new("Obligation de conservation", "Legal hold placed", "فرض الحفظ الإلزامي"),
        ["hold_released"] = new("Levée de l’obligation de conservation", "Legal hold released", "رفع الحفظ الإلزامي"), ["recorded"] = new("Consultation de valeurs protégées", "Protected values opened", "الاطلاع على بيانات محمية"),
        ["roles_set"] = new("Fixation des rôles", "Roles set", "تحديد الأدوار"), ["clearance_set"] = new("Fixation de l’habilitation", "Clearance set", "تحديد درجة الاطلاع"),
        ["groups_set"] = new("Fixation des groupes", "Groups set", "تحديد المجموعات"), ["disabled"] = new("Désactivation", "Disabled", "التعطيل"), ["enabled"] = new("Réactivation", "Enabled", "إعادة التفعيل"),
        ["token_made"] = new("Création d’un jeton d’accès", "Access token made", "إنشاء رمز وصول"), ["token_ended"] = new("Fin d’un jeton d’accès", "Access token ended", "إنهاء رمز وصول"),
        ["signed_in"] = new("Connexion", "Signed in", "تسجيل الدخول"), ["sign_ins_refused"] = new("Demandes sans identité valable", "Requests without valid credentials", "طلبات دون هوية صالحة"),
        ["refused"] = new("Droit refusé", "Right refused", "رفض صلاحية"), ["read"] = new("Consultation ou extraction", "Read or taken out", "اطلاع أو استخراج"),
        // Of the ledger itself.
        ["origin_opened"] = new("Nouvelle origine du journal", "New origin of the log", "أصل جديد للسجل"),
        ["key_rotated"] = new("Changement de la clé de signature", "Signing key changed", "تغيير مفتاح التوقيع"),
    };
}
