using System.Text;
using System.Text.Json;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using Shouldly;
using Xunit;
using Words = SecurityCoop.Register.Vocabulary.Vocabulary;

namespace SecurityCoop.Register.Tests.Vocabulary;

public class VocabularyTests
{
    static readonly Words Default = Words.Default;

    static readonly Dictionary<string, IReadOnlyDictionary<string, Label>> All = new()
    {
        ["topics"] = Default.Topics,
        ["meeting kinds"] = Default.MeetingKinds,
        ["instrument kinds"] = Default.InstrumentKinds,
        ["partner organisations"] = Default.PartnerOrganisations,
        ["forces"] = Labels.Forces,
        ["partnership statuses"] = Labels.PartnershipStatuses,
        ["modifiers"] = Labels.Modifiers,
        ["markings"] = Labels.Markings,
        ["roles"] = Labels.Roles,
        ["action states"] = Labels.ActionStates,
        ["instrument acts"] = Labels.InstrumentActs,
        ["instrument states"] = Labels.InstrumentStates,
        ["meeting states"] = Labels.MeetingStates,
        ["certainties"] = Labels.Certainties,
        ["countries"] = Countries.All,
    };

    public static TheoryData<string> Tables => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_code_has_a_label_in_French_English_and_Arabic(string table)
    {
        All[table].ShouldNotBeEmpty();
        foreach (var (code, label) in All[table])
        {
            label.Fr.Trim().ShouldBe(label.Fr, code);
            label.Fr.ShouldMatch(@"^[\p{IsBasicLatin}\p{IsLatin-1Supplement}\p{IsLatinExtended-A}’]+$", code);
            label.En.ShouldMatch(@"^[\p{IsBasicLatin}\p{IsLatin-1Supplement}\p{IsLatinExtended-A}’–]+$", code);
            label.Ar.ShouldMatch(@"^\p{IsArabic}[\p{IsArabic} ()-]*$", code);
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void No_two_codes_of_a_table_read_the_same_in_any_language(string table)
    {
        All[table].Values.Select(l => l.Fr).ShouldBeUnique();
        All[table].Values.Select(l => l.En).ShouldBeUnique();
        All[table].Values.Select(l => l.Ar).ShouldBeUnique();
    }

    [Theory]
    [InlineData("topics", "CT CVE TOC MIG THB BRD FUG INF EXP TEC TRN OPS EVT REG INT SSC LEG MIL SAR DRG ARM AML DOC CYB")]
    [InlineData("meeting kinds", "working-meeting ambassador-talks courtesy-call visit delegation-visit talks conference call signing-ceremony periodic-commission")]
    [InlineData("instrument kinds", "letter-of-intent mou action-plan programme agreement convention arrangement protocol joint-declaration agreed-minutes exchange-of-letters")]
    [InlineData("partner organisations", "INTERPOL EUROPOL FRONTEX AFRIPOL UNODC AIMC EU UN NATO AFRICANUNION")]
    [InlineData("modifiers", "overdue undated-commitment expiring dormant review-due disputed to-verify")]
    [InlineData("roles", "reader recorder validator steward auditor administrator")]
    public void The_codes_and_their_order_are_the_models(string table, string codes) => All[table].Keys.ShouldBe(codes.Split(' '));

    [Fact]
    public void Every_value_that_the_model_can_show_has_a_label()
    {
        Labels.Forces.Keys.ShouldBe(Slugs<Force>());
        Labels.Markings.Keys.ShouldBe(Slugs<Marking>());
        Labels.ActionStates.Keys.ShouldBe(Slugs<ActionState>());
        Labels.InstrumentActs.Keys.ShouldBe(Slugs<ActKind>());
        Slugs<InstrumentState>().ShouldBeSubsetOf(Labels.InstrumentStates.Keys);
        Labels.MeetingStates.Keys.ShouldBe(Slugs<MeetingState>().Where(s => s != "none")); // none: before its first event, which nobody is shown
        Labels.Certainties.Keys.ShouldBe(Slugs<Certainty>().Where(s => s != "no"), ignoreOrder: true);
        Labels.PartnershipStatuses.Keys.ShouldBe(Enum.GetValues<Standing>().Select(PartnershipStatus.SlugOf).Distinct());
    }

    [Theory]
    [InlineData("CT", "Lutte contre le terrorisme", "Counter-terrorism", "مكافحة الإرهاب")]
    [InlineData("SSC", "Coopération Sud-Sud", "South–South cooperation", "التعاون جنوب-جنوب")]
    [InlineData("CYB", "Cybercriminalité", "Cybercrime", "الجريمة السيبرانية")]
    public void Topics_read_as_the_model_says(string code, string fr, string en, string ar) =>
        Default.Topics[code].ShouldBe(new Label(fr, en, ar));

    [Fact]
    public void An_office_adds_codes_behind_those_that_the_register_brings_along()
    {
        var extended = Default.With(Json("""
            {"topics": {"ENV": {"fr": "Criminalité environnementale", "en": "Environmental crime", "ar": "الجريمة البيئية"}},
             "partnerOrganisations": {"AMERIPOL": {"fr": "Ameripol", "en": "Ameripol", "ar": "أميريبول"}}}
            """));

        extended.Topics.Keys.ShouldBe([.. Default.Topics.Keys, "ENV"]);
        extended.PartnerOrganisations["AMERIPOL"].Ar.ShouldBe("أميريبول");
        extended.MeetingKinds.ShouldBe(Default.MeetingKinds);
        Default.Topics.ContainsKey("ENV").ShouldBeFalse();
    }

    [Theory]
    [InlineData("topics", "CT", "exists already")]
    [InlineData("topics", "ct", "form")]
    [InlineData("topics", "ENV\\n", "form")]
    [InlineData("meetingKinds", "Working lunch", "form")]
    [InlineData("instrumentKinds", "mou", "exists already")]
    [InlineData("partnerOrganisations", "FR", "form")]
    [InlineData("partnerOrganisations", "G7-PLUS", "form")]
    [InlineData("partnerOrganisations", "MUL", "form")]
    [InlineData("partnerOrganisations", "UN", "exists already")]
    public void A_code_that_exists_or_has_another_form_is_refused(string table, string code, string reason) =>
        Should.Throw<FormatException>(() => Default.With(Json($$"""{ "{{table}}": { "{{code}}": { "fr": "a", "en": "b", "ar": "c" } } }""")))
            .Message.ShouldContain(reason);

    [Theory]
    [InlineData("""{"topics": {"ENV": {"fr": "a", "en": "b", "ar": " "}}}""")]
    [InlineData("""{"topics": {"ENV": null}}""")]
    public void An_empty_label_is_refused(string json) =>
        Should.Throw<FormatException>(() => Default.With(Json(json))).Message.ShouldContain("ENV");

    [Theory]
    [InlineData("""{"topics": {"ENV": {"fr": "a", "en": "b"}}}""")]
    [InlineData("""{"topics": {"ENV": {"fr": "a", "en": "b", "ar": null}}}""")]
    [InlineData("""{"topics": {"ENV": {"fr": "a", "en": "b", "ar": "c", "es": "d"}}}""")]
    [InlineData("""{"topics": {"ENV": {"fr": "a", "en": "b", "ar": "c"}, "ENV": {"fr": "a", "en": "b", "ar": "d"}}}""")]
    [InlineData("""{"topic": {}}""")]
    [InlineData("""{"topics": null}""")]
    [InlineData("null")]
    [InlineData("{")]
    public void A_file_of_another_form_is_refused(string json) => Should.Throw<JsonException>(() => Default.With(Json(json)));

    static IEnumerable<string> Slugs<T>() where T : struct, Enum => Enum.GetValues<T>().Select(v => Slug.Of(v));

    static MemoryStream Json(string text) => new(Encoding.UTF8.GetBytes(text));
}
