using static SecurityCoop.Register.Time.SignKind;

namespace SecurityCoop.Register.Time;

/// <summary>
/// The words of written dates in French, English and Arabic, each with what it stands for; the longest phrase counts. Spelt as people write
/// them and folded like the
/// text (<see cref="WrittenText.Fold"/>).
/// </summary>
static class WrittenWords
{
    internal const int MostWords = 6;

    /// <summary>The value of <see cref="Next"/> in English, where it means the coming one to some and the one after it to others.</summary>
    internal const int EnglishNext = 2;

    /// <summary>Stands for the digits of the month "mar", which is French for Tuesday, too.</summary>
    internal const int PerhapsTuesday = 1;

    static readonly (SignKind Kind, int Value, string Phrases)[] table =
    [
        // French, English; Moroccan, Egyptian and Levantine; Algerian and Tunisian.
        (Month, 1, "janvier|janv|january|jan|يناير|كانون الثاني|جانفي"), (Month, 2, "février|févr|fév|february|feb|فبراير|شباط|فيفري"),
        (Month, 3, "mars|march|mar|مارس|آذار"), (Month, 4, "avril|avr|april|apr|أبريل|ابريل|إبريل|نيسان|أفريل"),
        (Month, 5, "mai|may|ماي|مايو|أيار"), (Month, 6, "juin|june|jun|يونيو|يونيه|حزيران|جوان"),
        (Month, 7, "juillet|juil|july|jul|يوليوز|يوليو|يوليه|تموز|جويلية"), (Month, 8, "août|august|aug|غشت|أغسطس|آب|أوت"),
        (Month, 9, "septembre|september|sept|sep|شتنبر|سبتمبر|أيلول"), (Month, 10, "octobre|october|oct|أكتوبر|تشرين الأول"),
        (Month, 11, "novembre|november|nov|نونبر|نوفمبر|تشرين الثاني"), (Month, 12, "décembre|december|déc|dec|دجنبر|ديسمبر|كانون الأول"),

        (HijriMonth, 1, "muharram|mouharram|moharram|محرم|محرم الحرام"), (HijriMonth, 2, "safar|صفر|صفر الخير"),
        (HijriMonth, 3, "rabi al awwal|rabi al awal|rabi i|rabia i|rabia al awal|rabia al awwal|rabii i|rabie al awal|ربيع الأول|"
            + "ربيع النبوي"),
        (HijriMonth, 4, "rabi al thani|rabi ath thani|rabi al akhir|rabi ii|rabia ii|rabia al thani|rabia ath thani|rabii ii|"
            + "ربيع الثاني|ربيع الآخر"),
        (HijriMonth, 5, "jumada al ula|jumada al awwal|jumada i|joumada i|joumada al oula|joumada al awal|joumada 1|جمادى الأولى|"
            + "جمادى الأول"),
        (HijriMonth, 6, "jumada al thani|jumada al thaniya|jumada al akhira|jumada ii|joumada ii|joumada al thania|"
            + "joumada ath thania|joumada al akhira|جمادى الثانية|جمادى الآخرة|جمادى الثاني"),
        (HijriMonth, 7, "rajab|redjeb|رجب"), (HijriMonth, 8, "shaban|sha ban|chaabane|chaaban|chaabane|شعبان"),
            (HijriMonth, 9, "ramadan|رمضان|رمضان الأبرك|رمضان المبارك"),
        (HijriMonth, 10, "shawwal|shawal|chawwal|chaoual|شوال"),
        (HijriMonth, 11, "dhu al qidah|dhu al qadah|dhu al qi dah|dhu al qa dah|dhul qidah|dhul qadah|dhou al qida|dhou al kiada|"
            + "dou al kiada|ذو القعدة|ذي القعدة"),
        (HijriMonth, 12, "dhu al hijjah|dhu al hijja|dhul hijjah|dhul hijja|dhou al hijja|dou al hijja|ذو الحجة|ذي الحجة"),

        // By System.DayOfWeek.
        (Weekday, 0, "dimanche|dim|sunday|sun|الأحد"), (Weekday, 1, "lundi|lun|monday|mon|الاثنين|الإثنين"),
            (Weekday, 2, "mardi|tuesday|tue|tues|الثلاثاء"),
        (Weekday, 3, "mercredi|mer|wednesday|wed|الأربعاء"), (Weekday, 4, "jeudi|jeu|thursday|thu|thur|thurs|الخميس"),
        (Weekday, 5, "vendredi|ven|friday|fri|الجمعة"), (Weekday, 6, "samedi|sam|saturday|sat|السبت"),

        (Season, 21, "printemps|spring|ربيع|الربيع"), (Season, 22, "été|summer|صيف|الصيف"),
            (Season, 23, "automne|autumn|fall|خريف|الخريف"), (Season, 24, "hiver|winter|شتاء|الشتاء"),
        (Quarter, 0, "trimestre|quarter|q|t|الربع|ربع|الفصل"), (HalfYear, 0, "semestre|half|half year|semester|النصف|الأسدس|السداسي"),
            (Fortnight, 0, "quinzaine|fortnight"),
        (Decade, 0, "années|les années|des années|decade of"),
        (Number, 1, "premier|première|first|الأول|الأولى|فاتح|غرة"), (Number, 2, "deuxième|second|seconde|الثاني|الثانية"),
            (Number, 3, "troisième|third|الثالث|الثالثة"),
        (Number, 4, "quatrième|fourth|الرابع|الرابعة"),

        (Hijri, 0, "h|ah|a h|hijri|hijra|hégire|de l hégire|هـ|هجرية|هجري|الهجرية|للهجرة"),
            (Gregorian, 0, "م|ad|ce|ميلادية|ميلادي|الميلادية|للميلاد"),
        (SameDay, 0, "الموافق|الموافق ل|الموافقة ل|موافق|correspondant au|correspondant à|correspondant|corresponding to|soit le|"
            + "equivalent to"),

        (Approximate, 0, "vers|environ|env|circa|ca|c|about|around|approximately|approx|roughly|on or about|on or around|autour de|"
            + "autour du|aux alentours de|"
            + "aux alentours du|aux environs de|aux environs du|à peu près|dans les environs du|حوالي|في حوالي|نحو|في نحو|قرابة|"
            + "تقريبا|في حدود|حدود|زهاء"),
        (Doubtful, 0, "probablement|sans doute|peut être|vraisemblablement|probably|possibly|perhaps|maybe|presumably|ربما|"
            + "على الأرجح|من المحتمل"),

        (From, 0, "from"), (Of, 0, "du|de|des|d|من"), (To, 0,
            "au|à|to|until|till|through|jusqu au|jusqu à|jusqu en|إلى|إلى غاية|حتى|لغاية|وإلى"),
        (Between, 0, "entre|between|بين|ما بين|فيما بين"), (And, 0, "et|and|et le|و"), (Or, 0, "ou|or|ou bien|أو"),
        (By, 0, "au plus tard|d ici|d ici le|d ici au|d ici à|by|no later than|not later than|at the latest|on or before|"
            + "في أجل أقصاه|على أبعد تقدير|كحد أقصى"),
        (Before, 0, "avant|before|prior to|قبل"), (After, 0, "après|after|بعد"),
        (Since, 0, "depuis|since|à partir du|à partir de|à compter du|à compter de|as of|as from|starting|starting on|"
            + "with effect from|منذ|ابتداء من|اعتبارا من|انطلاقا من"),
        (PartOf, 0, "fin|en fin|fin du mois de|fin du|à la fin du mois de|à la fin de|à la fin du|fin de|late|end of|the end of|"
            + "at the end of|by the end of|début|au début de|au début du|early|beginning of|at the beginning of|start of|"
            + "mi|mid|milieu|au milieu de|milieu du|middle of|أواخر|أوائل|أواسط|نهاية|بداية|منتصف|مطلع|مستهل|متم|نهايات|بدايات|آخر|أول"),

        (Relative, 0, "aujourd hui|ce jour|ce matin|ce soir|today|this day|this morning|اليوم"),
            (Relative, -1, "hier|yesterday|أمس|البارحة|يوم أمس|بالأمس"),
        (Relative, 1, "demain|tomorrow|غدا|غد|يوم غد"), (Relative, -2,
            "avant hier|the day before yesterday|day before yesterday|أول أمس|أمس الأول|أول من أمس"),
        (Relative, 2, "après demain|the day after tomorrow|day after tomorrow|بعد غد"),
        (Last, 0, "dernier|dernière|passé|passée|écoulé|last|past|الماضي|الماضية|المنصرم|المنصرمة|الفارط|الأخير"),
        (Next, 1, "prochain|prochaine|المقبل|المقبلة|القادم|القادمة"), (Next, EnglishNext, "next|coming"),
        (This, 0, "ce|cet|cette|this|courant|en cours|الجاري|الجارية|هذا|هذه"),

        (Undated, 0, "prochainement|bientôt|sous peu|incessamment|ultérieurement|à une date ultérieure|plus tard|à déterminer|"
            + "date à déterminer|à fixer|date à fixer|à définir|"
            + "à préciser|dès que possible|dans les meilleurs délais|dans les plus brefs délais|dans un proche avenir|"
            + "dans un avenir proche|à l avenir|sans date|non daté|non datée|"
            + "date inconnue|inconnue|inconnu|à une date qui sera fixée|à convenir|date à convenir|sine die|s d|en temps utile|"
            + "en temps opportun|le moment venu"),
        (Undated, 0, "soon|shortly|in due course|as soon as possible|asap|in the near future|in the future|at a later date|"
            + "at a later stage|later|to be determined|to be decided|"
            + "to be agreed|to be confirmed|to be announced|tbd|tba|tbc|undated|unknown|no date|n d|date unknown|at an early date|"
            + "at the earliest|at the earliest opportunity|"
            + "without delay|in due time|at a date to be agreed|date to be agreed|date to be set"),
        (Undated, 0, "قريبا|عما قريب|في القريب العاجل|عاجلا|لاحقا|فيما بعد|في وقت لاحق|في تاريخ لاحق|في أقرب الآجال|في أقرب وقت|"
            + "في أقرب وقت ممكن|في أقرب فرصة|في أسرع وقت|"
            + "يحدد لاحقا|سيحدد لاحقا|تحدد لاحقا|غير محدد|غير مؤرخ|بدون تاريخ|دون تاريخ|تاريخ غير معروف|مستقبلا|في المستقبل|"
            + "في المستقبل القريب|في الوقت المناسب|في حينه"),

        (Filler, 0, "le|la|les|l|the|in|on|en|of|at|dans|day|days|jour|jours|journée|date|en date du|daté du|datée du|dated|mois|"
            + "month|au mois de|au mois d|du mois de|du mois d|"
            + "au cours de|au cours du|au courant de|au courant du mois de|courant du mois de|dans le courant du mois de|pendant|"
            + "during|an|année|l an|year|jusque|في|يوم|يومي|أيام|اليومين|بتاريخ|تاريخ|شهر|خلال|سنة|عام|من سنة|من عام|من شهر|ال|ل|ب"),
    ];

    static readonly Dictionary<string, List<(string[] Words, Sign Sign)>> phrases = Phrases();

    /// <summary>The longest phrase that begins at a word.</summary>
    internal static bool Longest(IReadOnlyList<string> words, int at, out Sign sign, out int length)
    {
        (sign, length) = (default, 0);
        if (!phrases.TryGetValue(words[at], out var from)) return false;
        foreach (var (phrase, found) in from)
        {
            if (phrase.Length <= length || at + phrase.Length > words.Count) continue;
            var same = true;
            for (var i = 1; i < phrase.Length && same; i++) same = words[at + i] == phrase[i];
            if (same) (sign, length) = (found, phrase.Length);
        }
        return length > 0;
    }

    static Dictionary<string, List<(string[], Sign)>> Phrases()
    {
        var all = new Dictionary<string, List<(string[], Sign)>>(StringComparer.Ordinal);
        foreach (var (kind, value, list) in table)
            foreach (var phrase in list.Split('|'))
            {
                var words = phrase.Replace("ـ", "", StringComparison.Ordinal).Split(' ').Select(WrittenText.Fold).ToArray();
                if (!all.TryGetValue(words[0], out var from)) all[words[0]] = from = [];
                // Marked: a month whose name is French or Arabic only, after which a number is the year ("janvier 26").
                var marked = kind == Month && !IsEnglish(words[0]);
                from.Add((words, kind == Number ? new(kind, value, 1)
                    : new(kind, value, kind == Month && words[0] == "mar" ? PerhapsTuesday : 0, marked)));
            }
        return all;
    }

    static bool IsEnglish(string month) =>
        month is "january" or "february" or "march" or "april" or "may" or "june" or "july" or "august" or "september" or "october" or "november" or "december"
            or "jan" or "feb" or "mar" or "apr" or "jun" or "jul" or "aug" or "sep" or "sept" or "oct" or "nov" or "dec";
}
