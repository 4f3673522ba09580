using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages;

/// <summary>What the frame of the pages says: navigation, bands, errors.</summary>
static class PageWords
{
    public static readonly Label
        Menu = new("Menu", "Menu", "القائمة"),
        Navigation = new("Navigation", "Navigation", "التنقل"),
        Administration = new("Administration", "Administration", "الإدارة"),
        AccountAndHelp = new("Compte et aide", "Account and help", "الحساب والمساعدة"),
        Help = new("Aide", "Help", "المساعدة"),
        HighestMarking = new(
            "Mention la plus haute de cette page : {0}", "Highest marking on this page: {0}", "أعلى درجة سرية في هذه الصفحة: {0}"),
        BackToNow = new("Revenir à maintenant", "Back to now", "العودة إلى الوضع الحالي"),
        AsOfDay = new("Situation au {0}.", "Situation on {0}.", "الوضع في {0}."),
        NoFormsInThePast = new(
            "Rien ne s’enregistre dans cette vue.", "Nothing can be recorded in this view.", "لا يمكن التسجيل في هذا العرض."),
        Place = new("position {0}, {1}", "position {0}, {1}", "الموضع {0}، {1}"),
        TitleOfDay = new("{0}, {1}", "{0}, {1}", "{0}، {1}"),
        Possibly = new("Peut-être : {0}", "Possibly: {0}", "ربما: {0}"),
        CertainIs = new("certain : {0}", "certain: {0}", "المؤكد: {0}"),
        Closed = new("Dossier clos", "Closed", "ملف مغلق"),
        WayOut = new("Aller à l’état des partenariats", "Go to the status of partnerships", "الانتقال إلى حالة الشراكات"),
        WayOutUsers = new("Aller aux utilisateurs", "Go to the users", "الانتقال إلى المستخدمين"),
        ReadHelp = new("Lire l’aide", "Read the help", "قراءة المساعدة"),
        Correlation = new(
            "Numéro à indiquer à l’administrateur : ", "Number to give to the administrator: ", "الرقم الذي يبلغ إلى مدير السجل: ");
}
