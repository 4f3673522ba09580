using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Intake;

/// <summary>What the page says on which records are made from a text.</summary>
static class IntakeWords
{
    public static readonly Label
        Title = new("Enregistrer à partir d’un communiqué", "Record from a communiqué", "التسجيل انطلاقا من بلاغ"),
        Lead = new(
            "Collez le texte, ou choisissez un fichier. Le registre en propose une rencontre ; vous corrigez, vérifiez et enregistrez. Le texte n’est pas gardé.",
            "Paste the text, or choose a file. The register proposes a meeting from it; you correct, check and record. The text is not kept.",
            "الصقوا النص أو اختاروا ملفا. يقترح السجل لقاء انطلاقا منه؛ وتصححون وتتحققون وتسجلون. لا يحفظ النص."),
        Text = new("Texte du communiqué", "Text of the communiqué", "نص البلاغ"),
        File = new("Ou un fichier (.txt, .html, .pdf)", "Or a file (.txt, .html, .pdf)", "أو ملف (.txt أو .html أو .pdf)"),
        Day = new("Date du document", "Date of the document", "تاريخ الوثيقة"),
        DayHint = new("Pour lire « mardi » ; rien : celle que dit le texte", "To read “Tuesday”; nothing: the one that the text gives", "لقراءة «الثلاثاء»؛ لا شيء: التاريخ الوارد في النص"),
        Read = new("Lire le texte", "Read the text", "قراءة النص"),
        TheText = new("Le texte", "The text", "النص"),
        TheForm = new("Ce qui en est proposé", "What is proposed from it", "ما يقترح انطلاقا منه"),
        MeetingOf = new("Rencontre {0} sur {1}", "Meeting {0} of {1}", "اللقاء {0} من {1}"),
        Skip = new("Passer cette rencontre", "Skip this meeting", "تجاوز هذا اللقاء"),
        NoMeeting = new(
            "Aucune rencontre n’a été lue dans ce texte ; remplissez ce qui manque.", "No meeting was read from this text; fill in what is missing.", "لم يقرأ أي لقاء في هذا النص؛ املؤوا ما ينقص."),
        Unused = new("Phrases dont rien n’est tiré", "Sentences from which nothing is taken", "جمل لم يؤخذ منها شيء"),
        UnusedHint = new("Lisez-les : rien ne doit être oublié.", "Read them: nothing is to be overlooked.", "اقرؤوها: لا ينبغي إغفال شيء."),
        AllUsed = new("Chaque phrase sert.", "Every sentence is used.", "كل جملة مستعملة."),
        Acts = new("Le texte dit aussi ceci fait ; à enregistrer avec son instrument :", "The text also says that this was done; to be recorded with its instrument:", "يقول النص أيضا إن هذا قد تم؛ ويسجل مع صكه:"),
        FromSentence = new("Phrase {0}.{1}", "Sentence {0}.{1}", "الجملة {0}.{1}"),
        Further = new(
            "Ce texte semble parler de {0}, déjà au registre. Il peut y être ajouté comme autre source :", "This text seems to tell of {0}, which is on file. It can be added to it as a further source:",
            "يبدو أن هذا النص يتحدث عن {0} المسجل بالفعل. يمكن إضافته إليه كمصدر آخر:"),
        SaysMore = new("plus précis que la fiche, {0} : {1}", "more exact than the record, {0}: {1}", "أدق من السجل، {0}: {1}"),
        Reports = new("noté à côté de la fiche, {0} : {1}", "noted beside the record, {0}: {1}", "يسجل إلى جانب السجل، {0}: {1}"),
        MoreStatements = new("déclarations qui n’y sont pas : {0}", "statements that are not there: {0}", "تصريحات غير واردة فيه: {0}"),
        AddFurther = new("Ajouter comme autre source", "Add as a further source", "إضافته كمصدر آخر"),
        Before = new("Enregistré : ce qui a changé", "Recorded: what changed", "سُجل: ما تغير"),
        Again = new("Lire un autre texte", "Read another text", "قراءة نص آخر");
}
