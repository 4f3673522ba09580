using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Audit;

/// <summary>What the pages of the log say.</summary>
static class AuditWords
{
    public static readonly Label
        Audit = new("Audit", "Audit", "التدقيق"),
        Lead = new("Tout ce qui a été enregistré, dans l’ordre.", "Everything that was recorded, in its order.", "كل ما سجل بحسب ترتيبه."),
        Position = new("Position", "Position", "الموضع"),
        Record = new("Enregistrement", "Record", "السجل"),
        Event = new("Événement", "Event", "الحدث"),
        EventAt = new("Événement {0}", "Event {0}", "الحدث {0}"),
        Stream = new("Enregistrement (référence)", "Record (reference)", "السجل (المرجع)"),
        Type = new("Type d’événement", "Type of event", "نوع الحدث"),
        Actor = new("Auteur", "Actor", "الفاعل"),
        From = new("Depuis", "From", "منذ"),
        To = new("Jusqu’à", "To", "إلى"),
        Any = new("– tous –", "– any –", "– الكل –"),
        Filter = new("Filtrer", "Filter", "تصفية"),
        Head = new("Le journal va jusqu’à la position {0}.", "The log goes up to position {0}.", "يبلغ السجل الموضع {0}."),
        Nothing = new("Aucun événement ne répond à ces filtres.", "No event answers these filters.", "لا حدث يوافق عوامل التصفية هذه."),
        Earlier = new("Plus anciens", "Earlier", "الأقدم"),
        Later = new("Plus récents", "Later", "الأحدث"),
        Beginning = new("Au début", "To the beginning", "إلى البداية"),
        Also = new("À voir aussi", "See also", "انظر أيضا"),
        Bundle = new("Télécharger le lot complet (preuve indépendante)", "Download the whole bundle (independent proof)", "تنزيل الحزمة الكاملة (دليل مستقل)"),
        Checkpoint = new("Dernier point de contrôle signé", "Newest signed checkpoint", "أحدث نقطة تحقق موقعة"),
        Openings = new("Consultations de valeurs protégées", "Protected values opened", "الاطلاع على القيم المحمية"),
        NoOpenings = new("Aucune consultation.", "None was opened.", "لم يطلع أحد على أي منها."),
        Subjects = new("De qui", "Whose", "لمن"),
        Query = new("Par quelle requête", "By which query", "بأي طلب"),
        SignIns = new("Connexions", "Sign-ins", "عمليات الدخول"),
        Refusals = new("Demandes sans identité valable", "Requests without valid credentials", "طلبات دون هوية صالحة"),
        Reads = new("Consultations et extractions", "Reads and extractions", "الاطلاع والاستخراج"),
        Administration = new("Rôles et utilisateurs", "Roles and users", "الأدوار والمستخدمون"),
        Header = new("En-tête", "Header", "الترويسة"),
        Digest = new("Empreinte du contenu (SHA-256)", "Digest of the body (SHA-256)", "بصمة المحتوى (SHA-256)"),
        Tree = new("Place dans l’arbre", "Place in the tree", "الموضع في الشجرة"),
        Leaf = new("Feuille", "Leaf", "الورقة"),
        TreeOf = new("feuille {0} d’un arbre de {1}", "leaf {0} of a tree of {1}", "الورقة {0} من شجرة عدد أوراقها {1}"),
        Root = new("Racine", "Root", "الجذر"),
        Verify = new("Vérifier dans ce navigateur", "Verify in this browser", "التحقق في هذا المتصفح"),
        SameServer = new(
            "Ce programme vient du serveur vérifié. Preuve indépendante : le lot et SecurityCoop.Verify, obtenus d’ailleurs.",
            "This program came from the server under test. Independent proof: the bundle and SecurityCoop.Verify, obtained elsewhere.",
            "هذا البرنامج مصدره الخادم موضوع التحقق. الدليل المستقل: الحزمة وبرنامج SecurityCoop.Verify من مصدر آخر."),
        NoScript = new(
            "Sans JavaScript, ce navigateur ne vérifie rien. Vérifiez hors ligne : téléchargez le lot, puis", "Without JavaScript this browser verifies nothing. Verify offline: download the bundle, then",
            "لا يتحقق هذا المتصفح من شيء دون JavaScript. تحققوا دون اتصال: نزلوا الحزمة ثم"),
        PlainHttp = new(
            "Sans HTTPS, ce navigateur n’offre aucune cryptographie et ne vérifie rien. Vérifiez hors ligne : téléchargez le lot, puis",
            "Without HTTPS this browser has no cryptography and verifies nothing. Verify offline: download the bundle, then",
            "لا يوفر هذا المتصفح التشفير دون HTTPS ولا يتحقق من شيء. تحققوا دون اتصال: نزلوا الحزمة ثم"),
        MyKey = new("Votre clé, ou son empreinte, gardée d’ailleurs", "Your key, or its fingerprint, kept from elsewhere", "مفتاحكم أو بصمته، محفوظا من مصدر آخر"),
        MyNote = new("Votre point de contrôle antérieur", "Your earlier checkpoint", "نقطة التحقق السابقة لديكم"),
        Fingerprint = new("Empreinte de la clé, à comparer avec la vôtre", "Fingerprint of the key, to compare with yours", "بصمة المفتاح، للمقارنة مع بصمتكم"),
        NoSigningKey = new("Le registre ne signe avec aucune clé.", "The register signs with no key.", "لا يوقع السجل بأي مفتاح."),
        Step = new("Étape", "Step", "المرحلة"),
        Outcome = new("Résultat", "Outcome", "النتيجة"),
        Expected = new("Attendu", "Expected", "المتوقع"),
        Found = new("Trouvé", "Found", "الموجود"),
        Agrees = new("Concorde", "Agrees", "متطابق"),
        Differs = new("Ne concorde pas", "Does not agree", "غير متطابق"),
        Unchecked = new("Pas vérifié", "Not checked", "لم يتحقق منه"),
        Withheld = new("les octets vous sont réservés", "the bytes are withheld from you", "البايتات محجوبة عنكم"),
        Unsigned = new("aucun point de contrôle signé ne couvre encore cet événement", "no signed checkpoint covers this event yet", "لا نقطة تحقق موقعة تشمل هذا الحدث بعد"),
        OtherKey = new("clé d’un autre type qu’Ed25519", "a key of another type than Ed25519", "مفتاح من نوع غير Ed25519"),
        NoKey = new("votre clé n’a pas été donnée", "your key was not given", "لم يقدم مفتاحكم"),
        NoNote = new("ce n’est pas un point de contrôle antérieur", "it is no earlier checkpoint", "ليست نقطة تحقق سابقة"),
        Done = new("Toutes les étapes sont faites.", "Every step is done.", "اكتملت كل المراحل."),
        News = new("Nouveautés : {0}.", "New: {0}.", "الجديد: {0}."),
        Refresh = new("Actualiser", "Refresh", "تحديث");

    /// <summary>The steps of a verification, by the names that the module gives them.</summary>
    public static IReadOnlyDictionary<string, Label> Steps { get; } = new Dictionary<string, Label>
    {
        ["body"] = new("Contenu → en-tête", "Body → header", "المحتوى ← الترويسة"), ["leaf"] = new("En-tête → feuille", "Header → leaf", "الترويسة ← الورقة"),
        ["root"] = new("Feuille → chemin → racine du point de contrôle", "Leaf → path → checkpoint’s root", "الورقة ← المسار ← جذر نقطة التحقق"),
        ["signature"] = new("Signature du point de contrôle", "Checkpoint’s signature", "توقيع نقطة التحقق"), ["key"] = new("Clé, comparée à la vôtre", "Key, compared with yours", "المفتاح مقارنا بمفتاحكم"),
        ["consistency"] = new("Votre point de contrôle → celui-ci", "Your checkpoint → this one", "نقطة التحقق لديكم ← هذه"),
    };
}
