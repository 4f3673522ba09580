using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Partnerships;

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
        ChangedMeanwhile = new(
            "Quelqu’un d’autre a modifié cet enregistrement depuis que vous avez ouvert le formulaire", "Somebody else has changed this record since you opened the form",
            "غيّر شخص آخر هذا التسجيل منذ فتحكم النموذج"),
        Meanwhile = new("Pendant que le formulaire était ouvert", "While the form was open", "أثناء فتح النموذج"),
        BothValues = new("Ce qui a changé entre-temps", "What has changed meanwhile", "ما تغير في هذه الأثناء"),
        WhenOpened = new("À l’ouverture", "When you opened it", "عند الفتح"),
        YouTyped = new("Vous avez écrit", "You typed", "ما كتبتموه"),
        StandsNow = new("Au registre à présent", "On record now", "المسجل الآن"),
        LeftAsItWas = new("(rien : ce qui est au registre est repris)", "(nothing: what is on record is taken)", "(لا شيء: يؤخذ بما هو مسجل)"),
        SendAgain = new(
            "Rien de ce que vous avez écrit n’est perdu : il est dans le formulaire. Comparez, changez ce qu’il faut, et enregistrez de nouveau.",
            "Nothing that you typed is lost: it is in the form. Compare, change what is needed, and record again.",
            "لم يضع شيء مما كتبتموه: هو في النموذج. قارنوا وغيروا ما يلزم ثم سجلوا من جديد."),
        CanBeRecorded = new("Rien n’est encore enregistré ; ceci le serait :", "Nothing is recorded yet; this would be:", "لم يسجل أي شيء بعد؛ وهذا ما سيسجل:"),
        NothingChanges = new("Le registre le dit déjà : rien ne changerait.", "The register says so already: nothing would change.", "يرد ذلك في السجل بالفعل: لن يتغير أي شيء."),
        Resembles = new("Déjà enregistré ? Voici ce qui y ressemble :", "On record already? This looks like it:", "هل سبق تسجيله؟ هذا ما يشبهه:"),
        Times = new("{0} × {1}", "{0} × {1}", "{0} × {1}"),
        ReadAs = new("Lu : {0}", "Read as: {0}", "قُرئ: {0}"),
        Recorded = new("Enregistré", "Recorded", "تم التسجيل"),
        MoreForms = new("Autres enregistrements", "More to record", "تسجيلات أخرى"),
        CanBeDone = new("À enregistrer ici", "What can be recorded here", "ما يمكن تسجيله هنا"),
        CannotBeErased = new(
            "Ne peut être effacé ensuite. Nom de personne ? Donnez plutôt sa référence.", "Cannot be erased afterwards. A person’s name? Give the person’s reference instead.",
            "لا يمكن محوه لاحقا. اسم شخص؟ اذكروا مرجعه بدلا من ذلك."),
        Reason = new("Motif", "Reason", "السبب"),
        On = new("Date", "Date", "التاريخ"),
        DateHint = new(
            "Par exemple 27/01/2026, novembre 2024, ou rien : date inconnue ou du jour", "For example 27/01/2026, November 2024, or nothing: unknown, or today",
            "مثلا 27/01/2026 أو نونبر 2024، أو لا شيء: تاريخ غير معروف أو تاريخ اليوم"),
        TodayHint = new(
            "Par exemple 27/01/2026 ou novembre 2024 ; rien : aujourd’hui, ou le jour de la rencontre indiquée", "For example 27/01/2026 or November 2024; nothing: today, or the day of the meeting given",
            "مثلا 27/01/2026 أو نونبر 2024؛ لا شيء: اليوم، أو يوم اللقاء المذكور"),
        UndatedHint = new(
            "Par exemple 27/01/2026 ou novembre 2024 ; rien : date inconnue", "For example 27/01/2026 or November 2024; nothing: date unknown", "مثلا 27/01/2026 أو نونبر 2024؛ لا شيء: تاريخ غير معروف"),
        PartnerHint = new("Code ou nom, par exemple DK ou Danemark", "Code or name, for example DK or Denmark", "الرمز أو الاسم، مثلا DK أو الدانمرك"),
        PartnersHint = new("Un par ligne : code ou nom", "One a line: code or name", "شريك في كل سطر: الرمز أو الاسم"),
        ProtectHint = new(
            "Référence de la personne dont l’effacement emporterait ce texte ; rien : en clair pour toujours",
            "Reference of the person whose erasure shall take this text with it; nothing: in the clear for ever",
            "مرجع الشخص الذي يزول هذا النص بمحو بياناته؛ لا شيء: نص مكشوف دائما"),
        OwnerHint = new("Identifiant sans nom, par exemple bureau-3", "An opaque id, for example desk-3", "معرف بلا اسم، مثلا bureau-3"),
        RecordItself = new("L’enregistrement lui-même", "The record itself", "السجل نفسه"),
        About = new("Ce qui est concerné", "What it is about", "ما يتعلق به الأمر"),
        RecordedNow = new("Enregistré", "Recorded", "المسجل"),
        NewValue = new("Nouveau", "New", "الجديد"),
        Unchanged = new(
            "Ce qui reste tel quel ne change pas ; un champ vidé est effacé.", "What is left as it is does not change; a field that is emptied is cleared.",
            "ما يترك على حاله لا يتغير؛ والحقل المفرغ يمسح."),
        OtherSource = new(
            "Ce qu’une autre source dit : l’enregistrement reste tel qu’il est jusqu’à ce qu’on lui préfère cet avis.",
            "What another source says: the record stays as it is until somebody prefers this report.",
            "ما يقوله مصدر آخر: يبقى السجل على حاله إلى أن ترجح هذه الرواية."),
        Refining = new(
            "Une précision dit davantage de la même chose : un mois devient un jour. Une erreur se rectifie.",
            "A refinement says more of the same: a month becomes a day. An error is corrected instead.",
            "التدقيق يضيف إلى الشيء نفسه: يصير الشهر يوما. أما الخطأ فيصحح."),
        NotChangeable = new("Protégé : ne se modifie pas ici.", "Protected: not changed here.", "محمي: لا يغير هنا."),
        EarlierActs = new("Un acte antérieur, appris plus tard", "An earlier act, learnt of later", "إجراء سابق علم به لاحقا"),
        ActsNow = new("Les actes qui peuvent suivre aujourd’hui", "The acts that may follow today", "الإجراءات التي يمكن أن تلي اليوم"),
        MergedHere = new("Fiche qui s’efface", "Record that goes", "السجل الزائل"),
        MergedInto = new("Fiche qui demeure", "Record that stays", "السجل الباقي"),
        SideBySide = new("Les deux fiches", "Both records", "السجلان"),
        WhatChanges = new("Ce qui changerait", "What would change", "ما سيتغير"),
        IfAny = new("S’il s’ensuit une action ou un instrument", "Where an action or an instrument follows from it", "إن ترتب عنه إجراء أو صك"),
        GroupOf = new("{0} {1}", "{0} {1}", "{0} {1}"),
        SourceDocument = new("Source", "Source", "المصدر"),
        SourceHint = new("Référence du document, par exemple SRC-0001", "The document’s reference, for example SRC-0001", "مرجع الوثيقة، مثلا SRC-0001"),
        SourceParagraph = new("Paragraphe", "Paragraph", "الفقرة"),
        SourceSentence = new("Phrase", "Sentence", "الجملة"),
        Credibility = new("Crédibilité", "Credibility", "درجة المصداقية"),
        MarkingHint = new(
            "Rien : celui de l’enregistrement, ou le marquage habituel", "Nothing: the record’s, or the usual one", "لا شيء: درجة التسجيل نفسه أو الدرجة المعتادة"),
        GroupsHint = new("Un groupe par ligne", "One group a line", "مجموعة في كل سطر"),
        HomeHint = new("Référence, par exemple MA-ORG-0001 ; rien : le service", "A reference, for example MA-ORG-0001; nothing: the service", "مرجع، مثلا MA-ORG-0001؛ لا شيء: المصلحة");

    /// <summary>What a command would record, one line for each kind of record: "Meeting: held, statement × 5".</summary>
    public static IEnumerable<string> WouldRecord(IEnumerable<string> types, Language l) => types.GroupBy(type => type[..type.IndexOf('_', StringComparison.Ordinal)])
        .Select(ofKind => l.Say(OfField, l.Say(Kinds, ofKind.Key), string.Join(l.Comma, ofKind.GroupBy(type => type).Select(same =>
            ChangeWords.Lower(Words.Event(same.Key, l), l) is var word && same.Count() > 1 ? l.Say(Times, word, same.Count()) : word))));

    /// <summary>That the reference of a record of some kind is asked for.</summary>
    public static Label ReferenceHint(string kind) => kind switch
    {
        "meeting" => Reference("DK-MTG-0001"), "action" => Reference("DK-ACT-0001"), "instrument" => Reference("DK-INS-0001"),
        "person" => Reference("PER-0001"), "organisation" => Reference("ORG-0001"), "source" => Reference("SRC-0001"), _ => Reference("OCC-0001"),
    };

    static Label Reference(string example) => new($"Référence, par exemple {example}", $"A reference, for example {example}", $"مرجع، مثلا {example}");

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
