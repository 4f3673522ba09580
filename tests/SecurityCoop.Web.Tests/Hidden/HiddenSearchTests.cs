using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Search;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Hidden;

/// <summary>A search for what stands in hidden records alone does the same work as one for what stands nowhere.</summary>
public sealed class HiddenSearchTests(HiddenWorld world) : IClassFixture<HiddenWorld>
{
    const string Absent = "Qqwyxzab";

    static Caller Of(Marking clearance, params string[] groups) =>
        new("somebody", new HashSet<Role> { Role.Steward }, clearance) { Groups = groups.ToHashSet() };

    Searching Searching => world.Services.GetRequiredService<Searching>();

    [Fact(Timeout = 240_000)]
    public async Task A_word_of_hidden_records_alone_gives_as_few_candidates_as_a_word_of_none()
    {
        await world.Indexed();
        var index = world.Services.GetRequiredService<WordIndex>();
        async Task<int> Candidates(string word, Caller by, string? kind = null) =>
            (await index.Find([$"'{word.ToLowerInvariant()}' | '{word.ToLowerInvariant()}':*"], [], kind, by.Rights, default)).Streams.Count;
        foreach (var clearance in (Marking[])[Marking.Open, Marking.Restricted, Marking.Confidential])
            foreach (var kind in (string?[])[null, "meeting", "action"])
            {
                var none = await Candidates(Absent, Of(clearance), kind);
                foreach (var beginning in (string[])[HiddenWorld.Word, HiddenWorld.Word[..3], HiddenWorld.Word[..5]])
                    (await Candidates(beginning, Of(clearance), kind)).ShouldBe(none, $"{clearance} {kind} {beginning}");
            }
        (await Candidates(HiddenWorld.GroupWord, Of(Marking.Secret))).ShouldBe(0);
        (await Candidates(HiddenWorld.GroupWord, Of(Marking.Open, HiddenWorld.Group))).ShouldBeGreaterThan(8);
        (await Candidates(HiddenWorld.Word, Of(Marking.Secret))).ShouldBeGreaterThan(8);
        (await Candidates("plain", Of(Marking.Open))).ShouldBeGreaterThan(1);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_search_for_what_is_hidden_sends_the_statements_of_one_for_what_is_not_there()
    {
        var reference = world.Named.Meeting;
        (string Hidden, string Absent)[] questions =
        [
            (HiddenWorld.Word, Absent), ($"{HiddenWorld.Word} Body", $"{Absent} Body"), (reference, reference[..^4] + "9876"),
            (world.Named.Person, "PER-9876"), ($"plain {HiddenWorld.Word}", $"plain {Absent}"),
        ];
        foreach (var clearance in (Marking[])[Marking.Open, Marking.Confidential])
            foreach (var (hidden, absent) in questions)
            {
                var (one, other) = (await Sent(hidden, Of(clearance)), await Sent(absent, Of(clearance)));
                one.ShouldBe(other, $"{clearance} {hidden}");
                one.Count.ShouldBeGreaterThan(0);
            }
        // Whoever may see them has them read.
        (await Sent(HiddenWorld.Word, Of(Marking.Secret))).Count.ShouldBeGreaterThan((await Sent(Absent, Of(Marking.Secret))).Count);
        (await Sent(reference, Of(Marking.Secret))).Count.ShouldBeGreaterThan((await Sent("KM-MTG-9876", Of(Marking.Secret))).Count);
    }

    [Fact(Timeout = 240_000)]
    public async Task What_is_for_a_group_is_a_candidate_for_its_members_alone()
    {
        var open = await world.Http.Record("/api/actions", """
            {"partner": "EE", "what": "gallimaufry deed", "owedBy": "home", "on": "2025-10-01", "marking": "open"}
            """);
        await world.Indexed();
        var index = world.Services.GetRequiredService<WordIndex>();
        async Task<int> Candidates(params string[] groups) => (await index.Find(["'gallimaufry'"], [], null, Of(Marking.Open, groups).Rights, default)).Streams.Count;
        (await Candidates()).ShouldBe(1);
        using var steward = await world.NewMember("desk-km", Marking.Open, ["desk-km", "case-7"], Role.Steward);
        await steward.Record($"/api/records/{open.Reference}/marking", """{"groups": ["desk-km"], "reason": "of the desk"}""");
        await world.Indexed();
        (await Candidates()).ShouldBe(0);
        (await Candidates("case-7")).ShouldBe(0);
        (await Candidates("case-7", "desk-km")).ShouldBe(1);
    }

    // Whoever is in some group has the index of what is for groups looked through, in which other groups' words stand too.
    [Fact(Timeout = 240_000)]
    public async Task A_member_of_one_group_searches_for_another_groups_words_as_for_words_of_none()
    {
        await world.Indexed();
        var index = world.Services.GetRequiredService<WordIndex>();
        async Task<int> Candidates(string word, Caller by) =>
            (await index.Find([$"'{word.ToLowerInvariant()}' | '{word.ToLowerInvariant()}':*"], [], null, by.Rights, default)).Streams.Count;
        foreach (var clearance in (Marking[])[Marking.Open, Marking.Secret])
        {
            var other = Of(clearance, "zz-elsewhere");
            foreach (var word in (string[])[HiddenWorld.GroupWord, HiddenWorld.GroupWord[..4]])
            {
                (await Candidates(word, other)).ShouldBe(await Candidates(Absent, other), $"{clearance} {word}");
                (await Sent(word, other)).ShouldBe(await Sent(Absent, other), $"{clearance} {word}");
            }
            var member = Of(clearance, "zz-elsewhere", HiddenWorld.Group);
            (await Candidates(HiddenWorld.GroupWord, member)).ShouldBeGreaterThan(8);
            (await Sent(HiddenWorld.GroupWord, member)).Count.ShouldBeGreaterThan((await Sent(Absent, member)).Count);
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task The_index_follows_what_is_raised_lowered_and_marked_in_part_and_a_rebuild_makes_it_anew()
    {
        const string Marked = "select coalesce(string_agg(distinct marking, ' ' order by marking), '') from register.search_words where words @@ ";
        var meeting = (await world.Http.Record("/api/meetings", """
            {"partners": ["EE"], "kind": "talks", "date": "2025-10-09", "place": "Floccinaucia", "marking": "open",
             "statements": [{"force": "discussed", "speaker": "joint", "text": "pilification", "marking": "confidential"}]}
            """)).Reference!;
        async Task Marks(string place, string statement)
        {
            await world.Indexed();
            (await world.Ask<string>($"{Marked} '''floccinaucia'''")).ShouldBe(place);
            (await world.Ask<string>($"{Marked} '''pilification'''")).ShouldBe(statement);
        }
        await Marks("open", "confidential");
        await world.Http.Record($"/api/records/{meeting}/marking", """{"marking": "restricted", "reason": "x"}""");
        await Marks("restricted", "confidential");
        var asked = (await world.Http.Record($"/api/records/{meeting}/lowering", """{"marking": "open", "reason": "x"}""")).Json
            .GetProperty("events")[0].GetProperty("id").GetString();
        await world.Second.Record($"/api/records/{meeting}/lowering/grant", $$"""{"asked": "{{asked}}", "reason": "x"}""");
        await Marks("open", "confidential");
        var rows = await world.Ask<long>("select count(*) from register.search_words");
        using (var owner = Npgsql.NpgsqlDataSource.Create(world.OwnerConnection))
        using (var spoil = owner.CreateCommand("update register.search_words set marking = 'secret'")) await spoil.ExecuteNonQueryAsync();
        await Marks("secret", "secret");
        await Rebuilding.Run(world.Store, world.OwnerConnection, default);
        await Marks("open", "confidential");
        (await world.Ask<long>("select count(*) from register.search_words")).ShouldBe(rows);
    }

    // A second search, since words' stems are asked for once.
    async Task<IReadOnlyList<string>> Sent(string text, Caller by)
    {
        await world.Indexed(); // Of what is not in the index yet no word is looked at, and all of it read.
        var question = new Question(text, null, null, null, null, null);
        await Searching.Find(question, by, default);
        return await SentStatements.Of(() => Searching.Find(question, by, default));
    }
}
