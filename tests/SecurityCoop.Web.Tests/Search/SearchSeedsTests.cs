using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Search;

/// <summary>What an office has recorded it finds again: over the five communiqués.</summary>
public sealed class SearchSeedsTests(SeededHost host) : IClassFixture<SeededHost>
{
    static string Url(string q, string more = "") => $"/api/search?q={Uri.EscapeDataString(q)}{more}";

    async Task<IReadOnlyList<JsonElement>> FirstThree(string q, string more = "", HttpClient? http = null)
    {
        var answer = await (http ?? host.Http).Read(Url(q, $"{more}&limit=3"));
        answer.Status.ShouldBe(System.Net.HttpStatusCode.OK, answer.Text);
        return answer.Items;
    }

    static string What(JsonElement item) => item.TryGetProperty("statement", out var s) ? $"{item.GetProperty("reference")}#{s}" : item.GetProperty("reference").GetString()!;

    async Task MustFind(string q, string what, string more = "")
    {
        var found = (await FirstThree(q, more)).Select(What).ToList();
        found.ShouldContain(what, $"“{q}” found {string.Join(", ", found)}");
    }

    [Fact]
    public async Task Each_counterpart_is_found_by_every_spelling_on_record_and_by_each_word_of_it()
    {
        var people = (await host.Http.Read("/api/people?limit=500")).Items.Select(p => p.GetProperty("reference").GetString()!).ToList();
        people.Count.ShouldBeGreaterThan(8);
        foreach (var person in people)
        {
            var names = (await host.Http.Read($"/api/people/{person}")).Json.GetProperty("names").EnumerateArray().Where(n => n.GetProperty("kind").GetString() == "name").Select(n => n.GetProperty("value").GetString()!).ToList();
            names.ShouldNotBeEmpty();
            foreach (var name in names)
            {
                await MustFind(name, person);
                await MustFind(name.ToUpperInvariant(), person);
                foreach (var word in name.Split(' ')) await MustFind(word, person);
            }
        }
    }

    [Theory]
    [InlineData("Wern")]
    [InlineData("Mikael")]
    [InlineData("mikael wern")]
    [InlineData("Mickael Wern")]
    [InlineData("ميكائيل")]
    [InlineData("فيرن")]
    [InlineData("Wern Danemark")]
    [InlineData("Wern الدانمرك")]
    [InlineData("Wern police")]
    public async Task The_Danish_counterpart_is_found_in_either_script(string q)
    {
        var found = (await FirstThree(q)).Single(i => i.GetProperty("kind").GetString() == "person");
        found.GetProperty("names")[0].GetProperty("value").GetString().ShouldBe("Mikael Wern");
        found.GetProperty("title").GetString().ShouldBe("Directeur de la police, chef de l’unité nationale");
    }

    [Theory]
    [InlineData("عبد اللطيف حموشي", "Abdellatif Hammouchi")]
    [InlineData("الحموشي", "Abdellatif Hammouchi")]
    [InlineData("Abd el-Latif Hamouchi", "Abdellatif Hammouchi")]
    [InlineData("لوديي", "Abdeltif Loudyi")]
    [InlineData("سلمان", "Salman Chaudhry")]
    [InlineData("شهاب الدين", "Shahabudeen Bin Adam")]
    [InlineData("إدوارد", "Edward Ahlgren")]
    public async Task A_name_recorded_in_Latin_letters_is_found_in_Arabic_ones(string q, string name) =>
        (await FirstThree(q)).Where(i => i.TryGetProperty("names", out _)).Select(i => i.GetProperty("names")[0].GetProperty("value").GetString()).ShouldContain(name);

    /// <summary>As somebody would write them who has only heard the name, or seen it in another language's press.</summary>
    [Theory]
    [InlineData("Abdellatif Hammouchi", "Hammouchi Abdellatif", "HAMMOUCHI, Abdellatif", "Abdelatif Hamouchi", "Abd-el-Latif", "Abdul Latif Hammushi", "Abdellatif-Hammouchi", "A. Hammouchi", "M. Abdellatif Hammouchi",
        "Mr Abdellatif Hammouchi", "Mme Hammouchi", "Abd Al-Latif Al-Hammouchi", "Hàmmoùchî", "hammouch", "عبداللطيف حموشي", "عبد اللّطيف الحمّوشي", "حموشى", "الحموشـي", "السيد عبد اللطيف الحموشي")]
    [InlineData("Alex Pinfield", "Pinfeild", "Alexander Pinfield", "Alexandre Pinfield", "A Pinfield", "Pinfield, Alex", "pinf", "أليكس بينفيلد", "الكس بنفيلد", "اليكس")]
    [InlineData("Branly Martial Oupolo", "Oupolo Branly Martial", "Martial-Oupolo", "Oupollo", "Brandly Oupolo", "B. M. Oupolo", "برانلي مارسيال أوبولو", "اوبولو")]
    [InlineData("Shahabudeen Bin Adam", "Shahabuddin bin Adam", "Chahabeddine", "Shahab al-Din", "Shihabuddin ibn Adam", "شهاب الدين بن آدم", "شهاب الدين ابن ادم", "bin Adam")]
    [InlineData("Mikael Wern", "Mikaël Wern", "Michael Wern", "Michel Wern", "Mikhail Wern", "Mikael Werne", "Wern, M.", "wer", "ميكائيل فيرن", "ميكايل فرن")]
    [InlineData("Edward Ahlgren", "Åhlgren", "Algren", "Ahlgreen", "Edouard Ahlgren", "E. Ahlgren", "Edvard", "إدوارد ألغرين", "ادوارد الغرين")]
    [InlineData("Abdeltif Loudyi", "Abdellatif Loudiyi", "Abdelatif Loudyi", "Loudyi, Abdeltif", "عبد اللطيف لوديي", "لوديي", "اللوديي")]
    [InlineData("Salman Chaudhry", "Salman Choudhry", "Chowdhury", "Chaudri", "Selman Chaudhary", "سلمان شودري", "سلمان تشودري", "سَلْمَان")]
    [InlineData("Francisca Bostyn", "Françisca Bostyn", "Francesca Bostyn", "Bostijn", "F. Bostyn", "Bosteen", "فرانسيسكا بوستين", "بوستين")]
    public async Task A_counterpart_is_found_by_spellings_that_the_register_does_not_hold(string name, params string[] asked)
    {
        foreach (var q in asked)
        {
            var found = await FirstThree(q);
            found.Where(i => i.TryGetProperty("names", out _)).Select(i => i.GetProperty("names")[0].GetProperty("value").GetString()).ShouldContain(name, $"“{q}” found {string.Join(", ", found.Select(What))}");
        }
    }

    [Fact]
    public async Task Each_statement_is_found_by_its_topics_words_in_each_language()
    {
        var statements = (await host.Http.Read("/api/meetings?limit=500")).Items.SelectMany(m => m.GetProperty("statements").EnumerateArray().Select(s => (Meeting: m, Said: s.GetProperty("said")))).ToList();
        statements.Count.ShouldBeGreaterThan(35);
        var withTopics = 0;
        foreach (var (meeting, said) in statements)
        {
            var what = $"{meeting.GetProperty("reference")}#{said.GetProperty("number")}";
            var partner = meeting.GetProperty("partners")[0].GetString()!;
            var topics = said.TryGetProperty("topics", out var t) ? t.EnumerateArray().Select(c => Vocabulary.Default.Topics[c.GetString()!]).ToList() : [];
            if (topics.Count > 0) withTopics++;
            foreach (var say in (Func<Label, string>[])[l => l.Fr, l => l.En, l => l.Ar])
            {
                if (topics.Count == 0) continue;
                // Together with the partner's name in that language, and narrowed to the partner.
                await MustFind($"{say(Countries.Name(partner))} {string.Join(' ', topics.Select(say))}", what);
                await MustFind(string.Join(' ', topics.Select(say)), what, $"&partner={partner}&kind=statement");
            }
            await MustFind(said.GetProperty("text").GetString()!, what);
        }
        withTopics.ShouldBeGreaterThan(25);
    }

    [Theory]
    [InlineData("terrorisme Danemark", "DK-MTG-0001#1")]
    [InlineData("terrorism Denmark", "DK-MTG-0001#1")]
    [InlineData("إرهاب الدانمرك", "DK-MTG-0001#1")]
    [InlineData("extradition", "DK-MTG-0001#2")]
    [InlineData("تسليم المطلوبين", "DK-MTG-0001#2")]
    [InlineData("memorandum", "DK-INS-0001")]
    [InlineData("مذكرة تفاهم", "DK-INS-0001")]
    [InlineData("mémorandums d’entente", "DK-INS-0001")]
    [InlineData("DK-ACT-0001", "DK-ACT-0001")]
    [InlineData("dk act 1", "DK-ACT-0001")]
    [InlineData("per-3", "PER-0003")]
    [InlineData("CRIME ORGANISE unite", "ORG-0002")]
    [InlineData("ambassade danemark", "ORG-0003")]
    [InlineData("DK", "DK")]
    public async Task Words_codes_and_references_find(string q, string what) => await MustFind(q, what);

    [Fact]
    public async Task The_answer_says_where_it_matched_with_the_words_marked()
    {
        var found = (await FirstThree("extradition")).First(i => What(i) == "DK-MTG-0001#2");
        var match = found.GetProperty("matches").EnumerateArray().First(m => m.GetProperty("field").GetString() == "/statements/1/said/text");
        var parts = match.GetProperty("snippet").EnumerateArray().ToList();
        parts.Where(p => p.TryGetProperty("match", out _)).Select(p => p.GetProperty("text").GetString()).ShouldBe(["extradition"]);
        string.Concat(parts.Select(p => p.GetProperty("text").GetString())).ShouldStartWith("Coordination du suivi, de la poursuite et de l’extradition d");
        (await host.Http.Read("/api/meetings/DK-MTG-0001")).Json.GetProperty("statements")[1].GetProperty("said").GetProperty("text").GetString().ShouldStartWith("Coordination du suivi, de la poursuite et de l’extradition d");
    }

    [Fact]
    public async Task Partner_kind_topic_and_days_narrow()
    {
        async Task<List<string>> All(string more) => [.. (await host.Http.Read(Url("coopération", $"{more}&limit=500"))).Items.Select(What)];
        var all = await All("");
        (await All("&partner=DK")).ShouldAllBe(w => w.StartsWith("DK"));
        (await All("&partner=DK")).Count.ShouldBeInRange(3, all.Count - 3);
        (await All("&kind=instrument")).ShouldAllBe(w => w.Contains("-INS-"));
        (await All("&kind=statement&topic=MIL")).ShouldBe(["GB-MTG-0003#1", "GB-MTG-0003#2", "GB-MTG-0003#3"], ignoreOrder: true);
        (await All("&from=2026-01-27")).ShouldAllBe(w => w.StartsWith("DK") || w.StartsWith("GB")); // The second British communiqué has no date: it may be of any day.
        (await All("&to=2024-12-31&partner=BE")).ShouldNotBeEmpty();
        (await All("&from=2025-06-01&partner=BE")).ShouldBeEmpty();
        (await host.Http.Read(Url("x", "&partner=XX"))).ShouldBeProblem(400, "unknown-partner", "?partner");
        (await host.Http.Read(Url("x", "&kind=thing"))).ShouldBeProblem(400, "unknown-code", "?kind");
        (await host.Http.Read(Url("x", "&topic=ZZ"))).ShouldBeProblem(400, "unknown-code", "?topic");
        (await host.Http.Read(Url("x", "&from=2026"))).ShouldBeProblem(400, "invalid-day", "?from");
        (await host.Http.Read("/api/search")).ShouldBeProblem(400, "required", "?q");
        (await host.Http.Read(Url(" ' & | : * "))).ShouldBeProblem(400, "required", "?q");
        (await host.Http.Read(Url(new string('x', 301)))).ShouldBeProblem(400, "too-long", "?q");
        (await host.Http.Read(Url("l’ de la"))).Status.ShouldBe(System.Net.HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_long_answer_comes_in_pages()
    {
        var whole = (await host.Http.Read(Url("coopération", "&limit=500"))).Items.Select(What).ToList();
        var (read, path) = (new List<string>(), Url("coopération", "&limit=4"));
        for (var next = (string?)"0"; next is not null;)
        {
            var page = await host.Http.Read($"{path}&after={next}");
            read.AddRange(page.Items.Select(What));
            next = page.Json.GetProperty("next").GetString();
        }
        read.ShouldBe(whole);
        whole.Count.ShouldBeGreaterThan(8);
    }

    [Fact]
    public async Task A_reader_is_told_that_names_are_withheld_and_finds_nobody_by_name()
    {
        using var reader = await host.As(Marking.Secret, Role.Reader);
        using var auditor = await host.As(Marking.Secret, Role.Auditor);
        var head = await host.Head();
        foreach (var http in (HttpClient[])[reader, auditor])
            foreach (var q in (string[])["Wern", "Mikael", "ميكائيل", "Hammouchi"])
            {
                var answer = await http.Read(Url(q));
                answer.Items.ShouldBeEmpty();
                answer.Json.GetProperty("names").GetString().ShouldBe("withheld");
            }
        (await reader.Read(Url("Directeur police"))).Items.ShouldNotBeEmpty();
        (await reader.Read(Url("Directeur police"))).Text.ShouldNotContain("Wern");
        (await host.Head()).ShouldBe(head); // Nothing was opened.
    }
}
