using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Exchange;

/// <summary>What the page of imports says.</summary>
static class ImportPageWords
{
    public static readonly Label
        Title = new("Importer une liste", "Import a list", "استيراد قائمة"),
        Lead = new(
            "Un tableau de rencontres ou d’actions : CSV ou xlsx, 1 Mo au plus. Chaque ligne est essayée d’abord ; rien n’est enregistré avant « Enregistrer ».",
            "A table of meetings or actions: CSV or xlsx, 1 MB at most. Every row is tried first; nothing is recorded before “Record”.",
            "جدول لقاءات أو إجراءات: CSV أو xlsx، بحجم أقصاه 1 ميغابايت. يجرب كل سطر أولا؛ ولا يسجل شيء قبل «تسجيل»."),
        Columns = new("Les colonnes sont décrites dans docs/columns.md.", "The columns are described in docs/columns.md.", "الأعمدة موصوفة في docs/columns.md."),
        File = new("Fichier", "File", "الملف"),
        Kind = new("Chaque ligne est", "Each row is", "كل سطر هو"),
        ByColumn = new("– dit par la colonne « record » –", "– said by the column “record” –", "– يبينه العمود «record» –"),
        NoFile = new("Choisissez un fichier.", "Choose a file.", "اختاروا ملفا."),
        TooLarge = new(
            "Le fichier dépasse 1 Mo : partagez-le, ou importez-le par la console (securitycoop import-records).", "The file is larger than 1 MB: split it, or import it by the console (securitycoop import-records).",
            "يتجاوز الملف 1 ميغابايت: جزئوه أو استوردوه بسطر الأوامر (securitycoop import-records)."),
        Row = new("Ligne", "Row", "السطر"),
        Understood = new("Compris comme", "Understood as", "ما فُهم"),
        Said = new("À dire", "To be said", "الملاحظات"),
        InColumn = new("{0} : {1}", "{0}: {1}", "{0}: {1}"),
        Resembles = new("ressemble à {0}, déjà au registre", "looks like {0}, on record already", "يشبه {0} المسجل من قبل"),
        Fine = new("peut être enregistrée", "can be recorded", "يمكن تسجيله"),
        Here = new("au registre", "on record", "مسجل"),
        Recorded = new("Lignes au registre : {0}", "Rows on record: {0}", "الأسطر المسجلة: {0}"),
        CanBe = new("Lignes qui peuvent être enregistrées : {0} ; rien ne l’est encore.", "Rows that can be recorded: {0}; nothing is yet.", "الأسطر القابلة للتسجيل: {0}؛ ولم يسجل شيء بعد."),
        Faulty = new("Lignes fautives : {0} sur {1} ; rien n’est enregistré.", "Faulty rows: {0} of {1}; nothing is recorded.", "الأسطر التي فيها أخطاء: {0} من {1}؛ لم يسجل شيء."),
        Progress = new("Avancement de l’import", "Progress of the import", "تقدم الاستيراد"),
        Looking = new("Les {1} lignes sont essayées une dernière fois ; rien n’est encore enregistré.", "The {1} rows are tried a last time; nothing is recorded yet.", "تجرب الأسطر الـ{1} مرة أخيرة؛ ولم يسجل شيء بعد."),
        Recording = new("Lignes enregistrées : {0} sur {1}.", "Rows recorded: {0} of {1}.", "الأسطر المسجلة: {0} من {1}."),
        MayBeClosed = new(
            "Cette page peut être fermée : l’import continue. Si le serveur s’arrête entre-temps, envoyez le fichier de nouveau : ce qui est enregistré ne l’est qu’une fois.",
            "This page may be closed: the import goes on. If the server is stopped meanwhile, send the file again: what is recorded is recorded once.",
            "يمكن إغلاق هذه الصفحة: يستمر الاستيراد. إذا توقف الخادم في هذه الأثناء فأعيدوا إرسال الملف: ما سجل لا يسجل مرتين."),
        StandStill = new("Ne pas recharger la page d’elle-même", "Do not load the page again by itself", "عدم إعادة تحميل الصفحة تلقائيا"),
        FollowAgain = new("Suivre l’import", "Follow the import", "متابعة الاستيراد"),
        NotAll = new("L’import n’est pas achevé", "The import is not finished", "لم يكتمل الاستيراد"),
        NotFollowed = new(
            "Cet import n’est plus suivi ici : le serveur a été arrêté, ou plus d’une heure a passé. Ce qui a été enregistré l’est. Envoyez le fichier de nouveau : le reste est enregistré, et rien deux fois.",
            "This import is not followed here any longer: the server was stopped, or more than an hour has passed. What was recorded is on record. Send the file again: the rest is recorded, and nothing twice.",
            "لم يعد هذا الاستيراد متابعا هنا: توقف الخادم أو مضت أكثر من ساعة. ما سجل فقد سجل. أعيدوا إرسال الملف: يسجل الباقي ولا يسجل شيء مرتين."),
        Failed = new(
            "Le serveur n’a pas pu continuer. Envoyez le fichier de nouveau : le reste est enregistré, et rien deux fois.",
            "The server could not go on. Send the file again: the rest is recorded, and nothing twice.",
            "تعذر على الخادم المتابعة. أعيدوا إرسال الملف: يسجل الباقي ولا يسجل شيء مرتين."),
        Another = new("Corrigez le fichier et choisissez-le à nouveau.", "Mend the file and choose it again.", "صححوا الملف واختاروه من جديد.");
}
