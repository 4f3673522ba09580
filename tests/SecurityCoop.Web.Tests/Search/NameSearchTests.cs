using System.Net;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Search;

/// <summary>The search finds people across spellings and scripts, the likeliest first, and no strangers beside them.</summary>
public sealed class NameSearchTests(HostFixture host) : IClassFixture<HostFixture>
{
    async Task<string> Person(string name, string more = "") =>
        (await host.Http.Record("/api/people", $$"""{"name": "{{name}}"{{more}}}""")).Reference!;

    async Task<IReadOnlyList<string>> Find(string q, HttpClient? http = null)
    {
        var answer = await (http ?? host.Http).Read($"/api/search?q={Uri.EscapeDataString(q)}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return [.. answer.Items.Select(i => i.GetProperty("reference").GetString()!)];
    }

    [Fact]
    public async Task A_person_is_found_by_usual_spellings_in_either_script_and_strangers_are_not()
    {
        var (latin, arabic) = (await Person("Abdelkrim Bouchaïb"), await Person("نور الدين الغزاوي"));
        foreach (var stranger in (string[])["Abdelkader Bouchaïb", "Abderrahim Bouchaib", "Karim Bouchaïb", "Abdelkrim Bouhaddou", "بدر الدين الغزاوي", "Noureddine Ghazali"])
            await Person(stranger);
        foreach (var q in (string[])["Abdul Karim Bushaib", "Abd el-Krim Bouchaib", "عبد الكريم بوشعيب", "عبدالكريم بوشعيب", "Bouchaib Abdelkarim",
            "ʿAbd al-Karīm Bū Shuʿayb"])
            (await Find(q)).ShouldBe([latin], q);
        foreach (var q in (string[])["Noureddine El Ghazaoui", "Nur al-Din Al-Ghazawi", "Nour Eddine Ghazaoui",
            "Nur ad-Din Elghazaoui", "نورالدين غزاوي"])
            (await Find(q)).ShouldBe([arabic], q);
    }

    [Fact]
    public async Task The_likeliest_comes_first_and_a_slip_is_shown_where_nobody_answers_better()
    {
        var (same, other) = (await Person("Youssef Tazi"), await Person("يوسف التازي"));
        (await Find("Youssef Tazi")).ShouldBe([same, other]);
        (await Find("يوسف التازي")).ShouldBe([other, same]);
        var slip = await Person("Vandersmissen");
        (await Find("Vandersmisen")).ShouldBe([slip]);
        (await Find("Vandersmixsen")).ShouldBe([slip]);
        var exact = await Person("Vandersmixsen");
        (await Find("Vandersmixsen")).ShouldBe([exact]);
    }

    [Fact]
    public async Task Who_is_not_shown_to_the_caller_keeps_nobody_else_from_being_shown()
    {
        var secret = await Person("Quatremer Ostrowski", """, "marking": "secret" """);
        var open = await Person("Quatremer Ostropski", """, "marking": "open" """);
        using var low = await host.As(Marking.Open, Role.Recorder);
        (await Find("Quatremer Ostrowski")).ShouldBe([secret]);
        (await Find("Quatremer Ostrowski", low)).ShouldBe([open]); // By a slip, as if the other were not on file.
    }
}
