using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Access;

/// <summary>What the pages of users say.</summary>
static class UserWords
{
    public static readonly Label
        Users = new("Utilisateurs", "Users", "المستخدمون"),
        Lead = new(
            "Qui peut se connecter, et ce que chacun peut faire. Chaque modification est un événement que les auditeurs lisent, avec votre identifiant.",
            "Who may sign in, and what each may do. Every change is an event that auditors read, with your subject.",
            "من يجوز له تسجيل الدخول وما يجوز لكل واحد. كل تغيير حدث يطلع عليه المدققون مع معرفكم."),
        User = new("Utilisateur {0}", "User {0}", "المستخدم {0}"),
        Subject = new("Identifiant", "Subject", "المعرف"),
        SubjectHint = new("Sous lequel ses événements sont enregistrés ; jamais un nom de personne", "Under which their events are recorded; never a person’s name", "تسجل الأحداث به؛ ولا يكون أبدا اسم شخص"),
        Name = new("Nom (protégé)", "Name (protected)", "الاسم (محمي)"),
        Issuer = new("Fournisseur d’identité", "Identity provider", "مزود الهوية"),
        IssuerSubject = new("Identifiant chez ce fournisseur", "Subject at that provider", "المعرف لدى هذا المزود"),
        Roles = new("Rôles", "Roles", "الأدوار"),
        NoRoles = new("aucun rôle", "no role", "لا دور"),
        Clearance = new("Habilitation", "Clearance", "درجة الاطلاع"),
        Groups = new("Groupes", "Groups", "المجموعات"),
        GroupsHint = new("un par ligne", "one a line", "واحدة في كل سطر"),
        State = new("Situation", "State", "الوضع"),
        Enabled = new("actif", "enabled", "مفعل"),
        Disabled = new("désactivé", "disabled", "معطل"),
        Erased = new("effacé", "erased", "ممحو"),
        Missing = new("clé absente", "key missing", "المفتاح مفقود"),
        Describe = new("Ajouter un utilisateur", "Add a user", "إضافة مستخدم"),
        Add = new("Ajouter", "Add", "إضافة"),
        Reason = new("Motif", "Reason", "السبب"),
        SetRoles = new("Enregistrer les rôles", "Save roles", "حفظ الأدوار"),
        SetClearance = new("Enregistrer l’habilitation", "Save clearance", "حفظ درجة الاطلاع"),
        SetGroups = new("Enregistrer les groupes", "Save groups", "حفظ المجموعات"),
        Disable = new("Désactiver", "Disable", "تعطيل"),
        Enable = new("Réactiver", "Enable", "إعادة التفعيل"),
        Tokens = new("Jetons d’accès", "Access tokens", "رموز الوصول"),
        NoTokens = new("Aucun jeton.", "No token.", "لا رموز."),
        Made = new("Créé", "Made", "الإنشاء"),
        MadeBy = new("{0} par {1}", "{0} by {1}", "{0} من قبل {1}"),
        Until = new("Expire", "Expires", "انتهاء الصلاحية"),
        Never = new("jamais", "never", "لا تنتهي"),
        LastUsed = new("Dernier usage", "Last used", "آخر استعمال"),
        NotUsed = new("jamais", "never", "لم يستعمل"),
        Ended = new("terminé", "ended", "منته"),
        Live = new("valable", "good", "صالح"),
        NotLive = new("sans effet", "opens nothing", "دون أثر"),
        End = new("Mettre fin", "End", "إنهاء"),
        MakeToken = new("Créer un jeton", "Make a token", "إنشاء رمز"),
        Days = new("Jours de validité", "Days that it is good", "أيام الصلاحية"),
        Unlimited = new("sans expiration", "never expires", "دون انتهاء"),
        TokenMade = new("Le jeton est créé", "The token is made", "تم إنشاء الرمز"),
        Copy = new("Remettez-le maintenant à son titulaire : il ne sera plus jamais affiché.", "Hand it to its holder now: it will never be shown again.", "سلموه الآن لصاحبه: لن يعرض مرة أخرى أبدا."),
        Token = new("Jeton", "Token", "الرمز"),
        Back = new("Tous les utilisateurs", "All users", "جميع المستخدمين");
}
