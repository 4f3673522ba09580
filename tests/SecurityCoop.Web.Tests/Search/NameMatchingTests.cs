using SecurityCoop.Benchmarks.Names;
using SecurityCoop.Web.Search;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Search;

/// <summary>
/// People are found by usual spellings of French, English and Arabic, in either script, and strangers are not (<see cref="NamePeople"/>).
/// </summary>
public sealed class NameMatchingTests(ITestOutputHelper output)
{
    const double Recall = 0.95, Precision = 0.9;

    // Several hundred names, each once as two writers would write it, and against a near one.
    [Fact]
    public void A_name_is_another_writers_spelling_of_it_and_no_near_one() => Check(new NamePeople(1).Compare());

    [Fact]
    public async Task Of_ten_thousand_people_those_are_found_who_are_asked_for_and_few_others() =>
        Check(await new NamePeople(10_000).Ask(600));

    void Check(NamesFound found)
    {
        output.WriteLine($"recall {found.Recall:F3}, precision {found.Precision:F3}");
        found.Recall.ShouldBeGreaterThanOrEqualTo(Recall, string.Join("; ", found.Missed.Take(30)));
        found.Precision.ShouldBeGreaterThanOrEqualTo(Precision, string.Join("; ", found.Strangers.Take(30)));
    }

    [Theory]
    [InlineData("Abdelkrim Bouchaïb", "Abdul Karim Bushaib", "Abd el-Krim Bouchaib", "عبد الكريم بوشعيب", "عبدالكريم بوشعيب",
        "ʿAbd al-Karīm Bū Shuʿayb", "Bouchaib Abdelkrim")]
    [InlineData("Abderrahmane", "Abdul Rahman", "عبد الرحمن", "عبد الرحمان", "Abd ar-Rahman", "Abdurrahman")]
    [InlineData("Abdellah", "Abdullah", "Abd Allah", "عبد الله", "عبدالله")]
    [InlineData("Abdessamad", "Abdul Samad", "Abd as-Samad", "عبد الصمد")]
    [InlineData("Noureddine", "Nur al-Din", "Nur ad-Din", "Nour Eddine", "Nuruddin", "نور الدين", "نورالدين")]
    [InlineData("Fatima-Zahra", "Fatimazahra", "Fatima Ezzahra", "فاطمة الزهراء")]
    [InlineData("Benjelloun", "Ben Jelloun", "Bin Jallun", "بن جلون", "بنجلون")]
    [InlineData("Bou Bakr", "Abu Bakr", "Aboubakr", "أبو بكر", "بوبكر")]
    [InlineData("Ould Ahmed", "Wuld Ahmad", "ولد أحمد")]
    [InlineData("Belkacem", "بلقاسم", "Abu al-Qasim")]
    [InlineData("El Ghazaoui", "Al-Ghazawi", "Ghazaoui", "Elghazaoui", "الغزاوي", "غزاوي")]
    [InlineData("Errachidi", "Er-Rachidi", "Al-Rashidi", "الرشيدي")]
    [InlineData("Larbi", "العربي", "El Arbi")]
    [InlineData("Lahcen", "لحسن", "الحسن", "El Hassan")]
    [InlineData("Guellouz", "كلوز", "گلوز", "قلوز", "ڭلوز", "ݣلوز")]
    [InlineData("Mohamed", "Muhammad", "Mohammed", "Mouhamed", "محمد", "MXHMD")]
    [InlineData("Houcine", "Hussein", "Hocine", "Husayn", "حسين")]
    [InlineData("Youssef", "Yusuf", "Youcef", "يوسف")]
    [InlineData("Khadija", "Khadidja", "خديجة", "خديجه")]
    [InlineData("Djamel", "Jamal", "Gamal", "جمال")]
    [InlineData("Aïcha", "Aisha", "Ayesha", "عائشة")]
    [InlineData("Taïeb", "Tayyib", "Tayeb", "الطيب")]
    [InlineData("Chraïbi", "Shraibi", "الشرايبي")]
    [InlineData("Saïd", "Said", "Saeed", "Sa'id", "سعيد")]
    [InlineData("Ouazzani", "Wazzani", "الوزاني")]
    [InlineData("Slimane", "Sulayman", "Suleiman", "سليمان")]
    [InlineData("Fathi", "Fethi", "فتحي")]
    [InlineData("Ishaq", "Ishak", "إسحاق")]
    [InlineData("Othmane", "Uthman", "Osman", "عثمان")]
    [InlineData("Moussa", "Musa", "موسى")]
    [InlineData("Azeddine", "Izz al-Din", "Ezzedine", "عز الدين")]
    [InlineData("Benabdallah", "Ben Abdellah", "بن عبد الله", "بنعبد الله")]
    [InlineData("Belhaj", "Bel Hadj", "Ben al-Haj", "بلحاج", "بن الحاج")]
    [InlineData("Chaimae", "Shaima", "شيماء")]
    [InlineData("Hayat", "حياة")]
    [InlineData("Soufiane", "Sufyan", "سفيان")]
    [InlineData("Guerraoui", "الگراوي", "الكراوي")]
    public void Usual_spellings_find_each_other(string name, params string[] others)
    {
        string[] all = [name, .. others];
        foreach (var onFile in all)
            foreach (var asked in all)
                NameForm.Of(1, onFile).Match(NameForm.Of(0, asked)).Min()
                    .ShouldBeGreaterThanOrEqualTo(NameForm.Likely, $"“{asked}” for “{onFile}”");
    }

    [Theory]
    [InlineData("Hassan", "Hussein", "حسين")]
    [InlineData("Mohamed", "Mahmoud", "محمود")]
    [InlineData("محمد", "Mahmoud", "محمود")]
    [InlineData("Karim", "Karam", "كرم", "Abdelkrim", "Abd el-Karim", "عبد الكريم")]
    [InlineData("Saïd", "Saoud", "سعود", "Saad", "سعد")]
    [InlineData("Abdelkrim Bouchaïb", "Abdelkader Bouchaib", "Abderrahim Bouchaib", "عبد القادر بوشعيب", "Karim Bouhaddou",
        "عبد الكريم بوشتى")]
    [InlineData("عبد الكريم", "عبد الرحيم", "Abdel Rahim", "عبد الله")]
    [InlineData("Jamal", "Jamil", "Kamal", "كمال")]
    [InlineData("Amine", "Amina", "أمينة")]
    [InlineData("Omar", "Amir", "أمير")]
    [InlineData("Rachid", "رشاد", "Rachad")]
    [InlineData("Noureddine", "Badreddine", "بدر الدين", "Nadir")]
    [InlineData("Mohamed Alaoui", "Mohamed Mohamed")]
    public void Other_names_do_not(string name, params string[] others)
    {
        foreach (var other in others)
            foreach (var (onFile, asked) in ((string, string)[])[(name, other), (other, name)])
                (NameForm.Of(1, onFile).Match(NameForm.Of(0, asked)).Min() < NameForm.Likely).ShouldBeTrue($"“{asked}” for “{onFile}”");
    }
}
