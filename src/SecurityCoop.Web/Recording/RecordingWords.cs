using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Recording;

/// <summary>What the form for a meeting says.</summary>
static class RecordingWords
{
    public static readonly Label
        Title = new("Enregistrer une rencontre", "Record a meeting", "تسجيل لقاء"),
        CheckHint = new(
            "Autant de fois que vous voulez. Rien n’est enregistré avant « Enregistrer ».", "As often as you like. Nothing is recorded before “Record”.",
            "كلما شئتم. لا يسجل شيء قبل الضغط على «تسجيل»."),
        CheckFirst = new(
            "Ceci n’avait pas encore été vérifié. Relisez, puis enregistrez.", "This had not been checked yet. Read it through, then record.",
            "لم يكن هذا قد تحقق منه بعد. راجعوه ثم سجلوا."),
        Faults = new("À corriger avant d’enregistrer", "To put right before recording", "ما ينبغي تصحيحه قبل التسجيل"),
        PartlyRecorded = new(
            "Déjà enregistré : {0}. La rencontre ne l’est pas ; corrigez et enregistrez-la.", "On record already: {0}. The meeting is not; put it right and record it.",
            "سُجل بالفعل: {0}. أما اللقاء فلم يسجل؛ صححوه ثم سجلوه."),
        SameMeeting = new(
            "Si c’est la même rencontre, ne l’enregistrez pas deux fois : ajoutez-y ce que dit votre source.", "If it is the same meeting, do not record it twice: add to it what your source says.",
            "إذا كان هو اللقاء نفسه فلا تسجلوه مرتين: أضيفوا إليه ما يقوله مصدركم."),

        Source = new("1. Source", "1. Source", "1. المصدر"),
        Document = new("Document", "Document", "الوثيقة"),
        DocumentHint = new(
            "Référence (SRC-0002) ou mots du titre, si le document est déjà au registre", "Reference (SRC-0002) or words of its title, where the document is on file already",
            "المرجع (SRC-0002) أو كلمات من العنوان، إن كانت الوثيقة في السجل"),
        NewSource = new("Le document n’est pas encore au registre", "The document is not on file yet", "الوثيقة غير مسجلة بعد"),
        SourceTitle = new("Titre", "Title", "العنوان"),
        SourceTitleHint = new(
            "Avec vos mots ; rien si le document est indiqué plus haut", "In your own words; nothing where the document is named above", "بكلماتكم؛ لا شيء إن ذكرت الوثيقة أعلاه"),
        Publisher = new("Éditeur", "Publisher", "الناشر"),
        SourceLanguage = new("Langue du document", "Language of the document", "لغة الوثيقة"),
        Published = new("Publié le", "Published on", "تاريخ النشر"),
        Url = new("Adresse", "Address", "العنوان الإلكتروني"),
        Reliability = new("Fiabilité de la source", "Reliability of the source", "موثوقية المصدر"),
        BothSources = new(
            "Donnez soit un document du registre, soit le titre d’un nouveau document", "Give either a document on file or the title of a new one", "أعطوا إما وثيقة مسجلة أو عنوان وثيقة جديدة"),
        SourceMissing = new(
            "Des paragraphes sont indiqués : dites de quel document", "Paragraphs are given: say of which document", "ذكرت فقرات: حددوا من أي وثيقة"),
        NoSuchSource = new(
            "Aucun document du registre ne répond à « {0} ». Décrivez-le ci-dessous comme nouveau document, et laissez ce champ vide",
            "No document on file answers to “{0}”. Describe it below as a new document, and leave this field empty",
            "لا توجد وثيقة مسجلة توافق «{0}». صفوها أدناه كوثيقة جديدة واتركوا هذا الحقل فارغا"),

        When = new("2. Date et lieu", "2. Date and place", "2. التاريخ والمكان"),
        Date = new("Date de la rencontre", "Date of the meeting", "تاريخ اللقاء"),
        DateHint = new(
            "Telle qu’écrite : 27/01/2026, mardi, novembre 2024 ; rien : sans date", "As written: 27/01/2026, Tuesday, November 2024; nothing: undated",
            "كما كتب: 27/01/2026 أو الثلاثاء أو نونبر 2024؛ لا شيء: بلا تاريخ"),
        DateAsGiven = new("Mots du document pour la date", "The document’s words for the date", "عبارة الوثيقة عن التاريخ"),
        DateAsGivenHint = new("Rien : la date telle que vous l’avez écrite", "Nothing: the date as you wrote it", "لا شيء: التاريخ كما كتبتموه"),
        FromText = new(
            "Vous avez le texte du communiqué ? Collez-le : le formulaire se remplit", "You have the communiqué’s text? Paste it: the form is filled in from it",
            "لديكم نص البلاغ؟ الصقوه فيملأ النموذج منه"),
        Place = new("Lieu", "Place", "المكان"),
        Kind = new("Nature", "Kind", "نوع اللقاء"),

        Home = new("3. Notre côté", "3. Our side", "3. جانبنا"),
        PartnerSide = new("4. Le partenaire", "4. The partner", "4. الشريك"),
        Partner = new("Pays ou organisation", "Country or organisation", "البلد أو المنظمة"),
        PartnerHint = new("Nom en toute langue, ou code", "Name in any language, or code", "الاسم بأي لغة أو الرمز"),
        AddPartner = new("Ajouter un partenaire", "Add a partner", "إضافة شريك"),
        HomeParticipant = new("Notre côté, participant {0}", "Our side, participant {0}", "جانبنا، المشارك {0}"),
        PartnerParticipant = new("Le partenaire, participant {0}", "The partner, participant {0}", "الشريك، المشارك {0}"),
        Participant = new("Participant {0}", "Participant {0}", "المشارك {0}"),
        Person = new("Personne", "Person", "الشخص"),
        PersonHint = new(
            "Nom, en caractères latins ou arabes, ou référence (PER-0001) ; rien si elle n’est pas nommée", "Name, in Latin or Arabic letters, or reference (PER-0001); nothing where nobody is named",
            "الاسم بحروف لاتينية أو عربية، أو المرجع (PER-0001)؛ لا شيء إن لم يذكر اسم"),
        Office = new("Fonction ce jour-là", "Office that day", "المنصب في ذلك اليوم"),
        OfficeHint = new("Rien : celle que le registre lui connaît", "Nothing: the one that is on file", "لا شيء: المنصب المسجل"),
        Organisation = new("Organisme", "Organisation", "الهيئة"),
        OrganisationHint = new("Nom, sigle ou référence", "Name, acronym or reference", "الاسم أو المختصر أو المرجع"),
        Description = new("Description", "Description", "الوصف"),
        DescriptionHint = new("De qui n’est pas nommé : « une importante délégation »", "Of whoever is not named: “a large delegation”", "لمن لم يذكر اسمه: «وفد هام»"),
        ForPartner = new("Pour quel partenaire", "For which partner", "عن أي شريك"),
        AddHome = new("Ajouter un participant de notre côté", "Add a participant on our side", "إضافة مشارك من جانبنا"),
        AddPartnerSide = new("Ajouter un participant du partenaire", "Add a participant on the partner’s side", "إضافة مشارك من جانب الشريك"),
        RemoveParticipant = new("Retirer le participant {0}", "Remove participant {0}", "حذف المشارك {0}"),
        RemovePartner = new("Retirer ce partenaire", "Remove this partner", "حذف هذا الشريك"),

        Statements = new("5. Déclarations", "5. Statements", "5. التصريحات"),
        StatementsHint = new(
            "Dans l’ordre du document, une par engagement, souhait ou sujet", "In the document’s own order, one for each commitment, wish or subject", "بترتيب الوثيقة، واحد لكل التزام أو رغبة أو موضوع"),
        Statement = new("Déclaration {0}", "Statement {0}", "التصريح {0}"),
        Text = new("Ce qui est dit, en bref", "What is said, in short", "مضمون القول باختصار"),
        TextHint = new(
            "Ne peut être effacé ensuite. Nom de personne ? Mettez-le parmi les participants.", "Cannot be erased afterwards. A person’s name? Put it among the participants.",
            "لا يمكن محوه لاحقا. اسم شخص؟ ضعوه ضمن المشاركين."),
        Force = new("Portée", "Force", "مدى الإلزام"),
        Speaker = new("Qui parle", "Who speaks", "المتحدث"),
        Both = new("Les deux parties", "Both sides", "الطرفان"),
        Ours = new("Notre côté", "Our side", "جانبنا"),
        Theirs = new("Le partenaire", "The partner", "الشريك"),
        WhichSpeaker = new("Il y a plusieurs partenaires : dites lequel parle", "There are several partners: say which one speaks", "هناك عدة شركاء: حددوا المتحدث"),
        ForceHint = new(
            "Action convenue : quelqu’un s’engage à faire. Instrument envisagé : un texte est à signer. Intention : un souhait. Évoqué : on en a parlé.",
            "Agreed action: somebody undertakes to do it. Planned instrument: a text is to be signed. Intent: a wish. Discussed: it was spoken of.",
            "إجراء متفق عليه: يلتزم طرف بالقيام به. صك مرتقب: نص سيوقع. نية: رغبة. تباحث: جرى الحديث عنه."),
        Paragraph = new("Paragraphe", "Paragraph", "الفقرة"),
        MeetingParagraph = new("Paragraphe qui parle de la rencontre", "Paragraph that tells of the meeting", "الفقرة التي تتحدث عن اللقاء"),
        ParagraphHint = new("Compté à partir de 1, sans l’en-tête", "Counted from 1, without the heading", "يبدأ العد من 1 دون الترويسة"),
        Sentence = new("Phrase", "Sentence", "الجملة"),
        Topics = new("Thèmes", "Topics", "المواضيع"),
        TopicsCounted = new("Thèmes ({0})", "Topics ({0})", "المواضيع ({0})"),
        Formulaic = new("Formule d’usage, sans effet sur l’état", "Set phrase, without effect on the status", "عبارة معتادة لا تؤثر في الحالة"),
        Region = new("Région dont il est question", "Region that it is about", "المنطقة المعنية"),
        ProtectFor = new("Texte à effacer avec la personne", "Text to be erased with the person", "نص يمحى مع الشخص"),
        ProtectForHint = new("Référence de la personne, par exemple PER-0001", "The person’s reference, for example PER-0001", "مرجع الشخص، مثلا PER-0001"),
        MoreOfStatement = new("Région, crédibilité, protection", "Region, credibility, protection", "المنطقة والمصداقية والحماية"),
        Action = new("Seulement pour une action convenue", "Only of an agreed action", "خاص بالإجراء المتفق عليه"),
        What = new("Ce qui est à faire", "What is to be done", "ما يجب القيام به"),
        WhatHint = new("Rien : le texte de la déclaration", "Nothing: the statement’s text", "لا شيء: نص التصريح"),
        OwedBy = new("Qui doit", "Who owes it", "على عاتق من"),
        OwedByHint = new("Rien : qui parle", "Nothing: whoever speaks", "لا شيء: المتحدث"),
        Due = new("Échéance", "Due", "الأجل"),
        DueHint = new("Telle qu’écrite ; « prochainement » reste sans date", "As written; “soon” stays undated", "كما كتب؛ «قريبا» يبقى بلا تاريخ"),
        Instrument = new("Seulement pour un instrument prévu", "Only of a planned instrument", "خاص بالصك المرتقب"),
        InstrumentKind = new("Nature de l’instrument", "Kind of instrument", "نوع الصك"),
        InstrumentTitle = new("Titre de l’instrument", "Title of the instrument", "عنوان الصك"),
        Expected = new("Signature attendue", "Signature expected", "التوقيع المرتقب"),
        Binding = new("Force obligatoire", "Legal force", "القوة الملزمة"),
        AddStatement = new("Ajouter une déclaration", "Add a statement", "إضافة تصريح"),
        RemoveStatement = new("Retirer la déclaration {0}", "Remove statement {0}", "حذف التصريح {0}"),
        AddPlace = new("Dit aussi ailleurs : ajouter un passage", "Said elsewhere too: add a place", "قيل أيضا في موضع آخر: إضافة موضع"),

        Review = new("6. Revue et marquage", "6. Review and marking", "6. المراجعة ودرجة السرية"),
        ReviewOn = new("Date de revue", "Review date", "تاريخ المراجعة"),
        ReviewHint = new(
            "De ce qui est convenu ou prévu sans date. Vide : six mois après la rencontre", "Of what is agreed or planned without a date. Empty: six months after the meeting",
            "لما اتفق عليه أو ارتقب بلا تاريخ. فارغ: بعد ستة أشهر من اللقاء"),
        NothingToReview = new(
            "Aucune action convenue ni instrument prévu à revoir : laissez vide", "No agreed action and no planned instrument to review: leave empty", "لا إجراء متفقا عليه ولا صك مرتقبا للمراجعة: اتركوه فارغا"),
        State = new("La rencontre", "The meeting", "اللقاء"),
        StateHint = new("Rien : a eu lieu", "Nothing: it was held", "لا شيء: انعقد"),
        PartOf = new("Partie de la rencontre", "Part of the meeting", "جزء من اللقاء"),
        PartOfHint = new("Référence, par exemple DK-MTG-0001", "Reference, for example DK-MTG-0001", "المرجع، مثلا DK-MTG-0001"),
        Occasions = new("Événements évoqués", "Occasions referred to", "المناسبات المذكورة"),
        OccasionsHint = new("Une référence par ligne", "One reference a line", "مرجع في كل سطر"),

        ChoosePerson = new("Choisissez la personne : {0} correspondent", "Choose the person: {0} match", "اختاروا الشخص: {0} نتائج مطابقة"),
        OnePerson = new("1 personne correspond à « {0} »", "1 person matches “{0}”", "شخص واحد يطابق «{0}»"),
        NoPerson = new("Personne au registre ne répond à « {0} »", "Nobody on file answers to “{0}”", "لا أحد في السجل يوافق «{0}»"),
        NobodyChosen = new(
            "Personne au registre ne répond à « {0} » : choisissez d’enregistrer cette personne, ou de la décrire sans l’identifier",
            "Nobody on file answers to “{0}”: choose to record this person, or to describe without identifying",
            "لا أحد في السجل يوافق «{0}»: اختاروا تسجيل هذا الشخص أو وصفه دون تحديد هويته"),
        NoOrganisation = new(
            "{0} (aucun organisme de ce nom au registre : gardé tel qu’écrit)", "{0} (no organisation of this name on file: kept as written)", "{0} (لا هيئة بهذا الاسم في السجل: يحفظ كما كتب)"),
        ChooseOther = new("Choisissez : {0} correspondent à « {1} »", "Choose: {0} match “{1}”", "اختاروا: {0} نتائج مطابقة لـ«{1}»"),
        OneOther = new("Au registre, pour « {0} »", "On file for “{0}”", "في السجل لـ«{0}»"),
        Describe = new("Décrire sans identifier", "Describe without identifying", "وصف دون تحديد الهوية"),
        DescribeDetail = new("Fonction ou description seulement ; le nom n’est pas gardé", "Office or description only; the name is not kept", "المنصب أو الوصف فقط؛ لا يحفظ الاسم"),
        NewPerson = new("Enregistrer cette personne", "Record this person", "تسجيل هذا الشخص"),
        NewPersonDetail = new("Le nom est protégé et pourra être effacé", "The name is protected and can be erased", "الاسم محمي ويمكن محوه"),
        AsTyped = new("Tel qu’écrit : {0}", "As written: {0}", "كما كتب: {0}"),
        ChooseDate = new("« {0} » peut se lire de plusieurs façons. Que dit le document ?", "“{0}” can be read in more than one way. What does the document say?",
            "«{0}» يحتمل أكثر من قراءة. ماذا تقول الوثيقة؟"),
        ChooseDateFault = new("Choisissez ce que la date veut dire", "Choose what the date means", "اختاروا معنى التاريخ"),
        ChooseFault = new("Choisissez ce qui est désigné", "Choose which is meant", "اختاروا المقصود"),
        DateUnread = new(
            "Date non comprise. Écrivez 27/01/2026, novembre 2024, ou laissez vide : sans date", "Date not understood. Write 27/01/2026, November 2024, or leave empty: undated",
            "تعذّرت قراءة التاريخ. اكتبوا 27/01/2026 أو نونبر 2024، أو اتركوه فارغا: بلا تاريخ"),
        Undated = new("sans date, les mots sont gardés", "undated, the words are kept", "بلا تاريخ، وتحفظ الكلمات"),
        NamesLoading = new(
            "Les noms se chargent encore ; vérifiez de nouveau dans un instant", "Names are still being loaded; check again in a moment", "لا تزال الأسماء قيد التحميل؛ أعيدوا التحقق بعد لحظة"),

        WouldBe = new("Ce qui serait enregistré", "What would be recorded", "ما سيسجل"),
        NewSourceToo = new("Le document, comme nouvelle source", "The document, as a new source", "الوثيقة كمصدر جديد"),
        NewPeopleToo = new("Nouvelles personnes : {0}", "New people: {0}", "أشخاص جدد: {0}"),
        DraftFound = new("Un brouillon de ce formulaire est gardé dans ce navigateur.", "A draft of this form is kept in this browser.", "توجد مسودة لهذا النموذج محفوظة في هذا المتصفح."),
        TakeDraft = new("Reprendre le brouillon", "Take up the draft", "استئناف المسودة"),
        DropDraft = new("L’effacer", "Delete it", "حذفها"),
        Another = new("Enregistrer une autre rencontre", "Record another meeting", "تسجيل لقاء آخر"),
        First = new("Enregistrer la première rencontre", "Record the first meeting", "تسجيل أول لقاء"),
        GiveUp = new("Abandonner", "Give up", "تخلٍّ");

    /// <summary>How a source is rated: the Admiralty code's letter.</summary>
    public static IReadOnlyDictionary<string, Label> Reliabilities { get; } = new Dictionary<string, Label>
    {
        ["a"] = new("A – fiable", "A – reliable", "A – موثوق"),
        ["b"] = new("B – habituellement fiable", "B – usually reliable", "B – موثوق عادة"),
        ["c"] = new("C – assez fiable", "C – fairly reliable", "C – موثوق إلى حد ما"),
        ["d"] = new("D – pas habituellement fiable", "D – not usually reliable", "D – غير موثوق عادة"),
        ["e"] = new("E – peu sûre", "E – unreliable", "E – غير موثوق"),
        ["f"] = new("F – non évaluable", "F – cannot be judged", "F – لا يمكن تقييمه"),
    };

    /// <summary>Who owes an action.</summary>
    public static IReadOnlyDictionary<string, Label> Owers { get; } = new Dictionary<string, Label>
    {
        ["both"] = Both, ["home"] = Ours, ["partner"] = Theirs,
    };

    /// <summary>Whether an instrument binds in law.</summary>
    public static IReadOnlyDictionary<string, Label> Bindings { get; } = new Dictionary<string, Label>
    {
        ["binding"] = new("obligatoire", "binding", "ملزم"),
        ["non-binding"] = new("non obligatoire", "not binding", "غير ملزم"),
        ["unknown"] = new("non précisée", "not stated", "غير محددة"),
    };

    /// <summary>A meeting that was held, or is only planned.</summary>
    public static IReadOnlyDictionary<string, Label> States { get; } = new Dictionary<string, Label>
    {
        ["held"] = new("a eu lieu", "was held", "انعقد"), ["planned"] = new("est prévue", "is planned", "مرتقب"),
    };

    /// <summary>Languages of documents.</summary>
    public static IReadOnlyDictionary<string, Label> Languages { get; } = new Dictionary<string, Label>
    {
        ["fr"] = new("français", "French", "الفرنسية"), ["en"] = new("anglais", "English", "الإنجليزية"), ["ar"] = new("arabe", "Arabic", "العربية"),
    };
}
