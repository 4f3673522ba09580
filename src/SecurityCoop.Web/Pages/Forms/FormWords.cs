using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>What forms say.</summary>
static class FormWords
{
    public static readonly Label
        Check = new("Vérifier", "Check", "تحقق"),
        Record = new("Enregistrer", "Record", "تسجيل"),
        More = new("Fiabilité, marquage et autres précisions", "Reliability, marking and other details", "الموثوقية ودرجة السرية وتفاصيل أخرى"),
        Required = new("(obligatoire)", "(required)", "(إلزامي)"),
        NotSaid = new("– non précisé –", "– not said –", "– غير محدد –"),
        Error = new("Erreur : ", "Error: ", "خطأ: "),
        OfField = new("{0} : {1}", "{0}: {1}", "{0}: {1}"),
        NotRecorded = new("Rien n’a été enregistré", "Nothing was recorded", "لم يسجل أي شيء"),
        CanBeRecorded = new("Rien n’est encore enregistré ; ceci le serait :", "Nothing is recorded yet; this would be:", "لم يسجل أي شيء بعد؛ وهذا ما سيسجل:"),
        NothingChanges = new("Le registre le dit déjà : rien ne changerait.", "The register says so already: nothing would change.", "يرد ذلك في السجل بالفعل: لن يتغير أي شيء."),
        Resembles = new("Déjà enregistré ? Voici ce qui y ressemble :", "On record already? This looks like it:", "هل سبق تسجيله؟ هذا ما يشبهه:"),
        ReadAs = new("Lu : {0}", "Read as: {0}", "قُرئ: {0}"),
        Recorded = new("Enregistré", "Recorded", "تم التسجيل"),
        CanBeDone = new("À enregistrer ici", "What can be recorded here", "ما يمكن تسجيله هنا"),
        CannotBeErased = new(
            "Ne peut être effacé ensuite. Nom de personne ? Donnez plutôt sa référence.", "Cannot be erased afterwards. A person’s name? Give the person’s reference instead.",
            "لا يمكن محوه لاحقا. اسم شخص؟ اذكروا مرجعه بدلا من ذلك."),
        Reason = new("Motif", "Reason", "السبب"),
        On = new("Date", "Date", "التاريخ"),
        DateHint = new(
            "Par exemple 27/01/2026, novembre 2024, ou rien : date inconnue ou du jour", "For example 27/01/2026, November 2024, or nothing: unknown, or today",
            "مثلا 27/01/2026 أو نونبر 2024، أو لا شيء: تاريخ غير معروف أو تاريخ اليوم"),
        SourceDocument = new("Source", "Source", "المصدر"),
        SourceHint = new("Référence du document, par exemple SRC-0001", "The document’s reference, for example SRC-0001", "مرجع الوثيقة، مثلا SRC-0001"),
        SourceParagraph = new("Paragraphe", "Paragraph", "الفقرة"),
        SourceSentence = new("Phrase", "Sentence", "الجملة"),
        Credibility = new("Crédibilité", "Credibility", "درجة المصداقية"),
        MarkingHint = new(
            "Rien : celui de l’enregistrement, ou le marquage habituel", "Nothing: the record’s, or the usual one", "لا شيء: درجة التسجيل نفسه أو الدرجة المعتادة"),
        Groups = new("Groupes ayant besoin d’en connaître", "Need-to-know groups", "المجموعات المعنية بالاطلاع"),
        GroupsHint = new("Un groupe par ligne", "One group a line", "مجموعة في كل سطر"),
        HomeOrganisation = new("Organisme national", "Home organisation", "الهيئة الوطنية"),
        HomeHint = new("Référence, par exemple MA-ORG-0001 ; rien : le service", "A reference, for example MA-ORG-0001; nothing: the service", "مرجع، مثلا MA-ORG-0001؛ لا شيء: المصلحة"),
        OnBehalfOf = new("Pour le compte de", "On behalf of", "نيابة عن");

    /// <summary>How far what is said is believed: the Admiralty code's second figure.</summary>
    public static IReadOnlyDictionary<string, Label> Credibilities { get; } = new Dictionary<string, Label>
    {
        ["1"] = new("1 – confirmé", "1 – confirmed", "1 – مؤكد"),
        ["2"] = new("2 – probable", "2 – probably true", "2 – مرجح"),
        ["3"] = new("3 – possible", "3 – possibly true", "3 – ممكن"),
        ["4"] = new("4 – douteux", "4 – doubtful", "4 – مشكوك فيه"),
        ["5"] = new("5 – improbable", "5 – improbable", "5 – مستبعد"),
        ["6"] = new("6 – non évaluable", "6 – cannot be judged", "6 – لا يمكن تقييمه"),
    };

    /// <summary>What kinds of record are called.</summary>
    public static IReadOnlyDictionary<string, Label> Kinds { get; } = new Dictionary<string, Label>
    {
        ["partnership"] = new("Partenariat", "Partnership", "شراكة"),
        ["meeting"] = new("Rencontre", "Meeting", "لقاء"),
        ["action"] = new("Action", "Action", "إجراء"),
        ["instrument"] = new("Instrument", "Instrument", "صك"),
        ["person"] = new("Personne", "Person", "شخص"),
        ["organisation"] = new("Organisme", "Organisation", "هيئة"),
        ["source"] = new("Source", "Source", "مصدر"),
        ["occasion"] = new("Événement", "Occasion", "مناسبة"),
    };
}
