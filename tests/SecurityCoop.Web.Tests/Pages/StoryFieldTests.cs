using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>A record's story says every field that can change, and every code that it can hold, in words of the page's language.</summary>
public sealed partial class StoryFieldTests(SeededHost host) : IClassFixture<SeededHost>
{
    // What records and their items are described with, each with its kind of record.
    static readonly (string Kind, Type Type)[] parts =
    [
        ("meeting", typeof(Register.Meetings.MeetingDetails)), ("meeting", typeof(Register.Meetings.MeetingOutcome)), ("meeting", typeof(Register.Meetings.Statement)),
        ("action", typeof(Register.Actions.ActionDetails)), ("action", typeof(Register.Actions.FollowUp)), ("action", typeof(Register.Actions.StateChange)),
        ("instrument", typeof(Register.Instruments.InstrumentDetails)), ("instrument", typeof(Register.Instruments.Act)), ("instrument", typeof(Register.Instruments.Term)),
        ("instrument", typeof(Register.Instruments.InstrumentSupersededBy)), ("partnership", typeof(Register.Partnerships.PartnershipDetails)),
        ("partnership", typeof(Register.Partnerships.Turn)), ("partnership", typeof(Register.Partnerships.Note)), ("partnership", typeof(Register.Partnerships.FocalPoint)),
        ("person", typeof(Register.People.PersonDetails)), ("person", typeof(Register.People.PersonOfficeRecorded)),
        ("organisation", typeof(Register.Organisations.OrganisationDetails)), ("source", typeof(Register.Sources.SourceDetails)), ("occasion", typeof(Register.Occasions.OccasionDetails)),
    ];

    // What the log itself says of an item, which nobody changes.
    static readonly HashSet<string> ofTheLog = ["event", "position", "recordedAt", "withdrawn", "protectedFor", "command", "followUp", "reviewBefore", "denied", "sources", "unblocks", "stands", "ofWhole"];

    [Fact]
    public void Every_field_and_every_code_that_it_can_hold_has_words()
    {
        var (fields, codes) = (0, 0);
        foreach (var (kind, type) in parts) Look(kind, type);
        (fields, codes).ShouldSatisfyAllConditions(x => x.fields.ShouldBeGreaterThan(60), x => x.codes.ShouldBeGreaterThan(60));

        void Look(string kind, Type type)
        {
            foreach (var p in RegisterJson.Options.GetTypeInfo(type).Properties.Where(p => !ofTheLog.Contains(p.Name)))
            {
                fields++;
                FieldWords.Has(p.Name).ShouldBeTrue($"{type.Name}.{p.Name}");
                var held = Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType;
                if (held.IsGenericType && held.GetGenericArguments() is [var item]) held = item;
                if (held.IsEnum)
                    foreach (var value in Enum.GetValues(held))
                    {
                        codes++;
                        var slug = JsonValue.Create(System.Text.Json.JsonSerializer.Serialize(value, held, RegisterJson.Options).Trim('"'));
                        // In English a code may be the very word.
                        foreach (var l in (Language[])[Language.French, Language.Arabic])
                            FieldValues.Say(p.Name, slug, kind, l, LinkedRecords.None).ShouldNotBe((string)slug!, $"{type.Name}.{p.Name}, {kind}, {l.Code}");
                    }
                else if (held.Namespace!.StartsWith("SecurityCoop", StringComparison.Ordinal) && held != typeof(Edtf)) Look(kind, held);
            }
        }
    }

    [Theory]
    [InlineData("fr", "« (vide) » devient « à une date fixée, 1er juin 2026 »")]
    [InlineData("en", "“(empty)” becomes “on a set day, 1 June 2026”")]
    [InlineData("ar", "«(فارغ)» صار «في تاريخ محدد، 1 يونيو 2026»")]
    public async Task What_is_nested_is_said_in_words(string code, string sentence)
    {
        var instrument = (await host.Http.Record("/api/instruments", """{"partners":["DK"],"kind":"mou","title":"A text","binding":"binding"}""")).Reference!;
        await host.Http.Record($"/api/instruments/{instrument}/corrections", """{"fields":{"effect":{"kind":"on-day","on":"2026-06-01"}},"reason":"Clause 9"}""");
        var said = await Story(instrument, code);
        said.ShouldNotContain("on-day");
        said.ShouldContain(sentence);
        said.ShouldContain("Clause 9");
    }

    [Fact]
    public async Task A_correction_of_an_item_says_of_which()
    {
        var meeting = (await host.Http.Record("/api/meetings",
            """{"partners":["DK"],"kind":"talks","date":"2026-01-12","statements":[{"force":"discussed","speaker":"joint","text":"Spoken of"}]}""")).Reference!;
        var statement = (await host.Http.Read($"/api/meetings/{meeting}")).Json.GetProperty("statements")[0].GetProperty("event").GetString();
        await host.Http.Record($"/api/meetings/{meeting}/corrections", $$"""{"of":"{{statement}}","fields":{"region":"Europe","topics":["CT"]},"reason":"Misheard"}""");
        var said = await Story(meeting, "en");
        said.ShouldContain("corrected this field: region (Statement 1, Discussed, Spoken of). “(empty)” becomes “Europe”");
        said.ShouldContain("corrected this field: topics (Statement 1, Discussed, Spoken of). “(empty)” becomes “Counter-terrorism”");
        await host.Http.Record($"/api/meetings/{meeting}/withdrawal", $$"""{"of":"{{statement}}","reason":"Never said"}""");
        (await Story(meeting, "en")).ShouldContain("withdrew what should not have been recorded: Statement 1, Discussed, Spoken of.");
    }

    // The story's sentences, without the fields as they were recorded, which fold away beneath.
    async Task<string> Story(string reference, string code)
    {
        var page = (await host.Http.Read($"/records/{reference}?lang={code}")).Text;
        page = page[page.IndexOf("<ol class=\"story\">", StringComparison.Ordinal)..];
        return WebUtility.HtmlDecode(Space().Replace(Tag().Replace(Folded().Replace(page, ""), ""), " "));
    }

    [GeneratedRegex("<details>.*?</details>", RegexOptions.Singleline)] private static partial Regex Folded();
    [GeneratedRegex("<[^>]*>")] private static partial Regex Tag();
    [GeneratedRegex(@"\s+")] private static partial Regex Space();
}
