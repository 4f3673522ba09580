using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Search;

/// <summary>What the search says to people.</summary>
static class SearchWords
{
    public static readonly Label
        Search = new("Rechercher", "Search", "بحث"),
        For = new("Rechercher dans le registre", "Search the register", "البحث في السجل"),
        Title = new("Recherche", "Search", "البحث"),
        TitleOf = new("Recherche : {0}", "Search: {0}", "البحث: {0}"),
        Hint = new(
            "Écrivez un ou plusieurs mots, en français, en anglais ou en arabe, un nom, un code de pays ou une référence comme DK-ACT-0001. Tous les mots doivent se trouver ; les accents et l’orthographe arabe ne comptent pas.",
            "Write one or more words in French, English or Arabic, a name, a country’s code or a reference like DK-ACT-0001. All of the words have to be found; accents and Arabic spelling do not matter.",
            "اكتبوا كلمة أو أكثر بالفرنسية أو الإنجليزية أو العربية، أو اسما، أو رمز بلد، أو مرجعا مثل ‎DK-ACT-0001. يجب أن توجد جميع الكلمات؛ ولا عبرة بعلامات التشكيل ولا بطريقة رسم الهمزة."),
        Narrow = new("Restreindre la recherche", "Narrow the search", "تضييق البحث"),
        Partner = new("Partenaire", "Partner", "الشريك"), Kind = new("Nature", "Kind", "النوع"), Topic = new("Thème", "Topic", "الموضوع"),
        From = new("À partir du", "From", "ابتداء من"), To = new("Jusqu’au", "To", "إلى غاية"),
        Any = new("indifférent", "any", "الكل"),
        Count = new("Résultats {0} à {1} sur {2}", "Results {0} to {1} of {2}", "النتائج من {0} إلى {1} من أصل {2}"),
        Nothing = new("Rien n’a été trouvé pour « {0} ».", "Nothing was found for “{0}”.", "لم يعثر على شيء بخصوص «{0}»."),
        FewerWords = new("Essayez avec moins de mots, un autre mot, ou seulement le début d’un mot.", "Try fewer words, another word, or only the beginning of a word.", "جربوا كلمات أقل، أو كلمة أخرى، أو بداية الكلمة فحسب."),
        WithoutFilters = new("Chercher les mêmes mots sans restriction", "Search for the same words without narrowing", "البحث عن الكلمات نفسها دون تضييق"),
        NamesWithheld = new("Les noms de personnes ne sont pas cherchés : vos droits ne permettent pas de les voir.", "People’s names are not searched: your rights do not let you see them.", "لا يشمل البحث أسماء الأشخاص: لا تتيح لكم صلاحياتكم الاطلاع عليها."),
        NamesLoading = new("Les noms de personnes ne peuvent pas encore être cherchés : le registre vient de démarrer. Réessayez dans un instant.", "People’s names cannot be searched yet: the register has just started. Try again in a moment.", "لا يمكن بعد البحث في أسماء الأشخاص: بدأ تشغيل السجل للتو. أعيدوا المحاولة بعد لحظة."),
        Indexing = new("L’index est en cours de constitution : ce qui a été enregistré après la position {0} manque encore.", "The index is being made: what was recorded after position {0} is still missing.", "الفهرس قيد الإعداد: لا يزال ينقصه ما سجل بعد الموضع {0}."),
        Truncated = new("Ces mots se trouvent dans un très grand nombre d’enregistrements, dont une partie seulement a été classée. Ajoutez un mot ou restreignez la recherche.", "These words stand in very many records, of which only some were ranked. Add a word or narrow the search.", "ترد هذه الكلمات في عدد كبير جدا من السجلات لم يرتب إلا بعضها. أضيفوا كلمة أو ضيقوا البحث."),
        Next = new("Résultats suivants", "More results", "النتائج التالية"),
        StatementNumber = new("déclaration n°\u00a0{0}", "statement no.\u00a0{0}", "التصريح رقم\u00a0{0}"),
        Marking = new("mention : {0}", "marking: {0}", "درجة السرية: {0}"),
        NameErased = new("nom effacé", "name erased", "اسم ممحو");

    /// <summary>By parameter, what a fault in it is introduced with.</summary>
    public static readonly IReadOnlyDictionary<string, Label> Faults = new Dictionary<string, Label>
    {
        ["?q"] = new("Mots cherchés : {0}", "Words to search for: {0}", "الكلمات المبحوث عنها: {0}"), ["?partner"] = new("Partenaire : {0}", "Partner: {0}", "الشريك: {0}"),
        ["?kind"] = new("Nature : {0}", "Kind: {0}", "النوع: {0}"), ["?topic"] = new("Thème : {0}", "Topic: {0}", "الموضوع: {0}"),
        ["?from"] = new("À partir du : {0}", "From: {0}", "ابتداء من: {0}"), ["?to"] = new("Jusqu’au : {0}", "To: {0}", "إلى غاية: {0}"), ["?after"] = new("Page demandée : {0}", "Page asked for: {0}", "الصفحة المطلوبة: {0}"),
    };

    /// <summary>What can be found, by its code.</summary>
    public static readonly IReadOnlyDictionary<string, Label> Kinds = new Dictionary<string, Label>
    {
        ["partnership"] = new("Partenariat", "Partnership", "شراكة"), ["meeting"] = new("Rencontre", "Meeting", "لقاء"), ["action"] = new("Action", "Action", "إجراء"),
        ["instrument"] = new("Instrument", "Instrument", "صك"), ["person"] = new("Personne", "Person", "شخص"), ["organisation"] = new("Organisme", "Organisation", "هيئة"),
        ["source"] = new("Source", "Source", "مصدر"), ["occasion"] = new("Événement", "Occasion", "مناسبة"), [RecordText.Statement] = new("Déclaration", "Statement", "تصريح"),
    };

    /// <summary>Fields in which words are found, by their names.</summary>
    public static readonly IReadOnlyDictionary<string, Label> Fields = new Dictionary<string, Label>
    {
        ["reference"] = new("Référence", "Reference", "المرجع"), ["what"] = new("Objet", "Subject", "المحتوى"), ["title"] = new("Intitulé", "Title", "العنوان"), ["text"] = new("Texte", "Text", "النص"),
        ["topics"] = new("Thèmes", "Topics", "المواضيع"), ["note"] = new("Note", "Note", "ملاحظة"), ["notes"] = new("Notes", "Notes", "ملاحظات"), ["partner"] = new("Partenaire", "Partner", "الشريك"),
        ["partners"] = new("Partenaires", "Partners", "الشركاء"), ["country"] = new("Pays", "Country", "البلد"), ["party"] = new("Partie", "Party", "الطرف"), ["parties"] = new("Parties", "Parties", "الأطراف"),
        ["kind"] = new("Nature", "Kind", "النوع"), ["force"] = new("Portée", "Force", "درجة الالتزام"), ["place"] = new("Lieu", "Place", "المكان"), ["publisher"] = new("Éditeur", "Publisher", "الناشر"),
        ["dateAsGiven"] = new("Date telle que donnée", "Date as given", "التاريخ كما ورد"), ["dueAsGiven"] = new("Échéance telle que donnée", "Due date as given", "الأجل كما ورد"),
        ["standing"] = new("Action permanente", "Standing", "دائم"), ["part"] = new("Partie concernée", "Part", "الجزء المعني"), ["description"] = new("Description", "Description", "الوصف"), ["url"] = new("Adresse", "Address", "العنوان الإلكتروني"),
        ["homeOrganisation"] = new("Organisme national", "Home organisation", "الهيئة الوطنية"), ["fr"] = new("En français", "In French", "بالفرنسية"), ["en"] = new("En anglais", "In English", "بالإنجليزية"), ["ar"] = new("En arabe", "In Arabic", "بالعربية"),
    };
}
