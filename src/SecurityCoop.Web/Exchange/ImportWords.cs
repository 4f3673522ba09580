using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Exchange;

/// <summary>What the bulk import says of a file. What is wrong with a value the register says itself.</summary>
static class ImportWords
{
    public static readonly Label
        Row = new("ligne {0} : {1}", "row {0}: {1}", "السطر {0}: {1}"),
        Cell = new("ligne {0}, colonne {1} : {2}", "row {0}, column {1}: {2}", "السطر {0}، العمود {1}: {2}"),
        Faults = new("{0:N0} anomalies dans {1:N0} lignes ; rien n’a été enregistré.", "{0:N0} faults in {1:N0} rows; nothing was recorded.", "عدد الأخطاء {0:N0} في {1:N0} من الأسطر؛ لم يسجل أي شيء."),
        Tried = new("{0:N0} lignes peuvent être enregistrées ; rien ne l’a été.", "{0:N0} rows can be recorded; nothing was.", "عدد الأسطر القابلة للتسجيل {0:N0}؛ ولم يسجل أي شيء."),
        Done = new("{0:N0} lignes sont enregistrées.", "{0:N0} rows are recorded.", "عدد الأسطر المسجلة {0:N0}."),
        Would = new("ligne {0} : {1} : {2}", "row {0}: {1}: {2}", "السطر {0}: {1}: {2}"),
        Meeting = new("rencontre", "meeting", "لقاء"), Action = new("action", "action", "إجراء"),
        Meant = new("{0} « {1} » → {2}", "{0} “{1}” → {2}", "{0} «{1}» ← {2}"), Plain = new("{0} « {1} »", "{0} “{1}”", "{0} «{1}»"),
        Undated = new("sans date", "no date", "بلا تاريخ"),
        Same = new("ligne {0} : répète la ligne {1} ; enregistrée une seule fois.", "row {0}: repeats row {1}; recorded once.",
            "السطر {0}: يكرر السطر {1}؛ ويسجل مرة واحدة."),
        Here = new("ligne {0} : {1} est déjà au registre ; rien n’en est enregistré.",
            "row {0}: {1} is on record already; nothing of it is recorded.",
            "السطر {0}: {1} مسجل من قبل؛ ولا يسجل منه شيء."),
        Like = new("ligne {0} : ressemble à {1}, déjà au registre ; à vérifier.", "row {0}: looks like {1}, on record already; to be checked.",
            "السطر {0}: يشبه {1} المسجل من قبل؛ يرجى التحقق."),
        Ignored = new("Colonnes non lues : {0}.", "Columns passed over: {0}.", "أعمدة لم تقرأ: {0}."),
        MixedStatements = new("ses {0} propos ne sont pas repris d’un tableau", "its {0} statements are not taken from a table",
            "تصريحاته وعددها {0} لا تؤخذ من الجدول"),
        TwoPartners = new("« {0} » peut désigner {1} ; écrivez le code",
            "“{0}” can mean {1}; write the code", "«{0}» قد يعني {1}؛ اكتبوا الرمز"),
        Written = new("Les références sont dans {0}.", "The references are in {0}.", "المراجع في {0}."),
        Checking = new("Vérification", "Checking", "التحقق"), Recording = new("Enregistrement", "Recording", "التسجيل"), Rows = new("lignes", "rows", "من الأسطر"),

        NoObject = new("ce n’est pas un objet", "it is not an object", "ليس كائنا"),
        NoColumn = new(
            "il n’y a pas de telle colonne ; les colonnes sont {0} ; --ignore-unknown-columns passe outre",
            "there is no such column; there are {0}; --ignore-unknown-columns passes over it",
            "لا يوجد عمود بهذا الاسم؛ والأعمدة هي {0}؛ ويتجاوزه الخيار --ignore-unknown-columns"),
        Twice = new("elle y figure deux fois", "it stands there twice", "ورد مرتين"),
        Cells = new("elle a {0} cellules pour {1} colonnes", "it has {0} cells, and there are {1} columns", "فيه {0} من الخلايا وعدد الأعمدة {1}"),
        NoUtf8 = new(
            "ce n’est pas de l’UTF-8 ; en windows-1252 on y lit « {0} », en windows-1256 « {1} » : "
                + "ajoutez --encoding windows-1252 ou --encoding windows-1256",
            "it is not UTF-8; in windows-1252 it reads “{0}”, in windows-1256 “{1}”: "
                + "add --encoding windows-1252 or --encoding windows-1256",
            "ليس بترميز UTF-8؛ يقرأ بترميز windows-1252 «{0}» وبترميز windows-1256 «{1}»: "
                + "أضيفوا ‎--encoding windows-1252 أو ‎--encoding windows-1256"),
        RecordMissing = new("elle manque ; elle dit meeting ou action", "it is missing; it says meeting or action", "قيمته ناقصة؛ وهي meeting أو action"),
        RecordOther = new("elle dit « {0} » ; elle dit meeting ou action", "it is “{0}”; it says meeting or action", "قيمته «{0}»؛ والمقبول meeting أو action"),
        KeyLong = new("elle dépasse 150 caractères", "it is longer than 150 characters", "يتجاوز 150 حرفا"),
        KeyTwice = new("{0} est aussi la clé de la ligne {1}", "{0} is the key of row {1} too", "{0} هو أيضا مفتاح السطر {1}"),
        KeyOfNone = new("{0} n’est la clé d’aucune ligne précédente", "{0} is the key of no row before this one", "{0} ليس مفتاح أي سطر سابق"),
        KeyOfNoMeeting = new("{0} n’est pas une rencontre", "{0} is no meeting", "{0} ليس لقاء"),
        Unclosed = new("un guillemet n’est pas fermé", "a quotation mark is not closed", "علامة اقتباس لم تغلق"),
        AfterQuotes = new("du texte suit le guillemet fermant : doublez les guillemets à l’intérieur d’une cellule", "text follows the closing quotation mark: double those within a cell", "يلي علامة الاقتباس الأخيرة نص: ضاعفوا العلامات داخل الخلية"),
        TooLong = new("elle est plus longue qu’un envoi ne peut l’être (1 Mio)", "it is longer than any command may be (1 MiB)", "أطول مما يجوز إرساله (1 مبيبايت)"),
        Answered = new("l’hôte a répondu {0}", "the host answered {0}", "أجاب الخادم {0}"),

        Utf16 = new("Le fichier est en UTF-16 : enregistrez-le en UTF-8.", "The file is UTF-16: save it as UTF-8.", "الملف بترميز UTF-16: احفظوه بترميز UTF-8."),
        NoWorkbook = new("Le fichier n’est pas un classeur lisible : enregistrez-le en xlsx ou en CSV.",
            "The file is no workbook that can be read: save it as xlsx or CSV.", "الملف ليس مصنفا مقروءا: احفظوه بصيغة xlsx أو CSV."),
        NoJson = new("Le fichier n’est pas du JSON : {0}", "The file is not JSON: {0}", "الملف ليس بصيغة JSON: {0}"),
        Empty = new("Le fichier est vide : sa première ligne nomme les colonnes.", "The file is empty: its first row names the columns.", "الملف فارغ: سطره الأول يسمي الأعمدة."),
        NoRecord = new(
            "Le fichier n’a pas de colonne `record`, qui dit meeting ou action : ajoutez --record meeting ou --record action.",
            "The file has no column `record`, which says meeting or action: add --record meeting or --record action.",
            "ليس في الملف عمود `record` الذي يبين meeting أو action: أضيفوا ‎--record meeting أو ‎--record action."),
        TooBig = new("Le fichier a plus de {0:N0} lignes, ou plus de {1} Mo de JSON : partagez-le.", "The file has more than {0:N0} rows, or more than {1} MB of JSON: split it.", "في الملف أكثر من {0:N0} من الأسطر أو أكثر من {1} ميغابايت من JSON: جزئوه."),
        Changed = new("{0} Ce qui a été envoyé avant est enregistré ; renvoyer le fichier n’enregistre rien deux fois.", "{0} What was sent before it is recorded; sending the file again records nothing twice.", "{0} سجل ما أرسل قبله؛ ولا تؤدي إعادة إرسال الملف إلى تسجيل أي شيء مرتين."),
        NoRight = new("{0} : indiquez avec --token-file le jeton de quelqu’un qui peut enregistrer.", "{0}: give a recorder's token with --token-file.", "{0}: حددوا بالخيار --token-file رمز من يجوز له التسجيل.");
}
