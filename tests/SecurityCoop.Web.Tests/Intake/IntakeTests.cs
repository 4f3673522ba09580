using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;
using Xunit;

namespace SecurityCoop.Web.Tests.Intake;

/// <summary>Proposals over HTTP, and what comes of them when they are sent on unchanged.</summary>
public sealed class IntakeTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string Sentence = "Abdellatif Hammouchi a reçu mardi à Rabat l’ambassadeur de Suède. Les deux parties ont convenu de créer un groupe de travail sur la cybercriminalité.";

    static string Danish => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Intake", "fr-danemark.txt"));

    static string Body(string text, string more = "") => $$"""{"communique": {{JsonSerializer.Serialize(text)}}, "marking": "open"{{more}}}""";

    Task<Answer> File_(string media, byte[] bytes, string query = "")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(media);
        return host.Http.Send(HttpMethod.Post, "/api/intake" + query, content);
    }

    [Fact]
    public async Task Proposals_sent_on_unchanged_record_the_meeting_and_leave_the_partner_committed()
    {
        var first = await host.Http.Record("/api/intake", Body(Danish));
        (await host.Http.Read("/api/partnerships/DK")).Json.GetProperty("status").GetString()
            .ShouldBe("no-record", "nothing is stored by asking");
        var source = first.Json.GetProperty("source").GetProperty("command");
        var document = (await host.Http.Record(source.GetProperty("post").GetString()!, source.GetProperty("body")
            .GetRawText())).Reference!;
        var person = (await host.Http.Record("/api/people", """{"name": "ميكائيل ويرن", "script": "Arab", "country": "DK"}""")).Reference!;

        var again = await host.Http.Record("/api/intake", Body(Danish, $$""", "document": "{{document}}" """));
        var meeting = again.Json.GetProperty("meetings").EnumerateArray().Single();
        meeting.GetProperty("partnerSide").EnumerateArray()
            .Select(p => p.TryGetProperty("person", out var known) ? known.GetString() : null).ShouldContain(person);
        await host.Http.Record("/api/meetings", meeting.GetProperty("command").GetProperty("body").GetRawText());

        var partnership = (await host.Http.Read("/api/partnerships/DK?asOf=2026-02-01")).Json;
        partnership.GetProperty("status").GetString().ShouldBe("committed");
        partnership.GetProperty("openActions").GetArrayLength().ShouldBe(1);
        var instrument = partnership.GetProperty("instruments").EnumerateArray().Single();
        (instrument.GetProperty("kind").GetString(), instrument.GetProperty("states")[0].GetString()).ShouldBe(("mou", "planned"));
        foreach (var because in partnership.GetProperty("because").EnumerateArray())
            because.GetProperty("sources")[0].GetProperty("document").GetString().ShouldBe(document);

        var third = await host.Http.Record("/api/intake", Body(Danish));
        third.Json.GetProperty("meetings")[0].GetProperty("resembles").EnumerateArray().Select(r => r.GetString())
            .ShouldBe(["DK-MTG-0001"]);
    }

    [Fact]
    public async Task A_text_file_says_the_same_as_pasted_text()
    {
        var pasted = (await host.Http.Record("/api/intake", Body(Sentence, """, "date": "2026-01-28" """))).Json;
        var file = await File_("text/plain; charset=utf-8", Encoding.UTF8.GetBytes(Sentence), "?date=2026-01-28&marking=open");
        file.Status.ShouldBe(HttpStatusCode.OK, file.Text);
        file.Json.GetProperty("meetings").GetRawText().ShouldBe(pasted.GetProperty("meetings").GetRawText());
        pasted.GetProperty("meetings")[0].GetProperty("command").GetProperty("body").GetProperty("date").GetString().ShouldBe("2026-01-27");
    }

    [Fact]
    public async Task A_web_page_is_read_without_its_menus()
    {
        var filler = string.Concat(Enumerable.Repeat("<p>Les deux responsables ont passé en revue la coopération dans la lutte contre le terrorisme et la criminalité organisée.</p>", 6));
        var page = $"<!doctype html><html lang='fr'><head><title>Suède</title><script>var x = 'ont convenu de signer';</script></head><body><nav><a href='/'>Le ministre espagnol a reçu son homologue français</a></nav><article><h1>Sécurité</h1><p>Abdellatif Hammouchi a reçu mardi à Rabat l’ambassadeur de Suède.</p>{filler}</article><footer>Tous droits réservés</footer></body></html>";
        var answer = await File_("text/html", Encoding.UTF8.GetBytes(page), "?date=2026-01-28");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Json.GetProperty("text").GetString()!.ShouldNotContain("homologue français");
        answer.Json.GetProperty("text").GetString()!.ShouldNotContain("var x");
        answer.Json.GetProperty("meetings")[0].GetProperty("partners").GetProperty("value")[0].GetString().ShouldBe("SE");
    }

    static byte[] Pdf(params string[] lines)
    {
        using var builder = new PdfDocumentBuilder();
        var (page, font) = (builder.AddPage(PageSize.A4), builder.AddStandard14Font(Standard14Font.Helvetica));
        foreach (var (i, line) in lines.Index()) page.AddText(line, 11, new PdfPoint(50, 780 - 16 * i), font);
        return builder.Build();
    }

    static byte[] PictureOnly()
    {
        using var builder = new PdfDocumentBuilder();
        var page = builder.AddPage(PageSize.A4);
        // One grey point, as a PNG.
        page.AddPng(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNoaGgAAAMEAYFL09IQAAAAAElFTkSuQmCC"), new PdfRectangle(50, 50, 300, 300));
        return builder.Build();
    }

    [Fact]
    public async Task A_pdf_is_read_and_one_of_pictures_is_said_to_be_one()
    {
        var answer = await File_("application/pdf", Pdf("Abdellatif Hammouchi received on Tuesday in Rabat",
            "the ambassador of Sweden to Morocco. The two sides agreed to", "set up a working group on cybercrime."), "?date=2026-01-28");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Json.GetProperty("meetings")[0].GetProperty("date").GetProperty("value").GetString().ShouldBe("2026-01-27");
        answer.Json.GetProperty("statements")[0].GetProperty("force").GetProperty("value").GetString().ShouldBe("agreed-action");
        await Refused("application/pdf", PictureOnly(), "pdf-of-pictures");
        await Refused("application/pdf", "%PDF-1.7 and then nothing"u8.ToArray(), "pdf-unreadable");
    }

    [Theory]
    [InlineData("application/zip", "x", "not-a-document")]
    [InlineData("text/html", "<html><body><script>1</script></body></html>", "document-without-text")]
    public Task Other_files_are_refused_with_the_way_out(string media, string content, string slug) =>
        Refused(media, Encoding.UTF8.GetBytes(content), slug);

    [Fact]
    public async Task Text_that_is_not_utf8_and_text_that_is_too_long_are_refused()
    {
        await Refused("text/plain", [0x63, 0xe9, 0x20], "text-unreadable");
        await Refused("text/plain", new byte[9 << 20], "document-too-large");
    }

    async Task Refused(string media, byte[] bytes, string slug)
    {
        var answer = await File_(media, bytes);
        answer.Json.GetProperty("type").GetString()!.ShouldEndWith(slug);
    }

    [Fact]
    public async Task Only_a_recorder_asks_and_the_fields_are_checked()
    {
        using var reader = await host.As(Marking.Secret, Role.Reader);
        (await reader.Command("/api/intake", Body(Sentence))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Http.Command("/api/intake", Body(Sentence, """, "language": "de" """))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Http.Command("/api/intake", Body(" "))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Http.Command("/api/intake?dryRun=true", Body(Sentence))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }
}
