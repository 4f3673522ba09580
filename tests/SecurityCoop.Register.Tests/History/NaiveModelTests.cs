using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;

namespace SecurityCoop.Register.Tests;

/// <summary>
/// A history of ten thousand random commands, asked about at random points of both clocks, against a model that keeps every event and reads all of
/// it anew for each question.
/// </summary>
public class NaiveModelTests
{
    const int Commands = 12_000, Questions = 1500;

    static readonly RandomHistory history = new RandomHistory(20260201, partners: 160).Grow(Commands);
    static readonly ILookup<string, (Stored Stored, object Event, At At)> byStream = history.Log.ToLookup(e => e.Stored.Stream);

    // Every record that ever concerned the partner.
    static readonly ILookup<string, string> streamsOf = history.Log.Select(e => e.Stored).Where(e => e.Stream.Split('-')[0] is "meeting" or "action" or "instrument" or "partnership")
        .SelectMany(e => Codes(e.Body), (e, code) => (code, e.Stream)).Distinct().ToLookup(x => x.code, x => x.Stream);

    static IEnumerable<string> Codes(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Codes(p.Value)),
        JsonArray a => a.SelectMany(Codes),
        JsonValue v when v.GetValueKind() == JsonValueKind.String && v.GetValue<string>() is ['P', _, _, _] code => [code],
        _ => [],
    };

    // As it stands at the end: what the host keeps in memory.
    static readonly Dictionary<string, PartnershipFacts> facts = history.Partners.ToDictionary(p => p, p => new PartnershipFacts(p).With(streamsOf[p].Select(s => KeyValuePair.Create(s, history.States[s]))));

    [Fact]
    public void The_history_holds_every_kind_of_event_that_it_can_and_refusals_left_nothing()
    {
        history.Log.Count.ShouldBeGreaterThanOrEqualTo(Commands);
        history.Refused.ShouldBeGreaterThan(500);
        // Erasure is about values that this history has none of; readings of such values are another stream, and so are users, who are no records.
        var never = EventTypes.All.Select(t => t.Name).Except(history.Log.Select(e => e.Stored.Type)).Where(n => !n.StartsWith("person_eras", StringComparison.Ordinal) && !n.StartsWith("person_hold", StringComparison.Ordinal) && !n.StartsWith("opening", StringComparison.Ordinal)
                && !n.StartsWith("user_", StringComparison.Ordinal) && !n.StartsWith("access_", StringComparison.Ordinal));
        never.ShouldBeEmpty();
    }

    [Fact]
    public void At_random_points_of_both_clocks_the_status_is_what_the_naive_model_says()
    {
        var random = new Random(7);
        var seen = new Dictionary<string, int>();
        for (var i = 0; i < Questions; i++)
        {
            var partner = history.Partners[random.Next(history.Partners.Length)];
            var position = i % 5 == 0 ? history.Log.Count : random.Next(1, history.Log.Count + 1);
            var asOf = new DateOnly(2018, 1, 1).AddDays(random.Next(1200));
            var service = random.Next(4) == 0;
            var then = Then(facts[partner], position);
            var answer = PartnershipStatus.Of(then.IsOpened ? then : new PartnershipFacts(partner), new(asOf, service));

            var prefix = streamsOf[partner].SelectMany(s => byStream[s]).Select(e => e.Stored).Where(e => e.Position <= position).OrderBy(e => e.Position);
            var (best, worst, same) = NaiveModel.Status(NaiveModel.Read(prefix), partner, asOf, service);
            (answer.Status, answer.Certain, answer.Certainty).ShouldBe((best, worst, same ? Certainty.Certain : Certainty.Possible), $"{partner} as of {asOf:O}, known at @{position}, service {service}");
            seen[PartnershipStatus.SlugOf(best)] = seen.GetValueOrDefault(PartnershipStatus.SlugOf(best)) + 1;
        }
        // The questions must meet every rule.
        seen.Keys.Order(StringComparer.Ordinal).ShouldBe(["committed", "contact", "framework-active", "intent", "lapsed", "no-record", "signed", "suspended"]);
    }

    [Fact]
    public void At_random_positions_every_record_and_item_says_what_the_naive_model_says()
    {
        var random = new Random(11);
        var streams = byStream.Select(s => s.Key).ToList();
        for (var i = 0; i < Questions; i++)
        {
            var stream = streams[random.Next(streams.Count)];
            var events = byStream[stream].ToList();
            var known = events.Take(random.Next(1, events.Count + 1)).ToList();
            var record = known.Aggregate((RecordState?)null, (s, e) => RandomHistory.Evolve(stream, s, e.Event, e.At))!;
            var naive = NaiveModel.Read(known.Select(e => e.Stored))[stream];
            record.Withdrawn.ShouldBe(naive.Withdrawn, stream);
            Compare(record.PartOf(null)!, naive.Said, $"{stream} at @{known[^1].At.Position}");
            foreach (var item in naive.Items)
                Compare(record.PartOf(item.Event) ?? throw new InvalidOperationException($"{stream} does not know its item of {item.Type}."), item.Type == "meeting_held" ? naive.Said : item.Said, $"{stream}, item of {item.Event} at @{known[^1].At.Position}");
        }

        static void Compare(Part part, JsonObject said, string where)
        {
            foreach (var field in part.Fields.Keys)
                JsonNode.DeepEquals(part.Now[field], said[field]).ShouldBeTrue($"{where}: {field} is {part.Now[field]?.ToJsonString()}, and was to be {said[field]?.ToJsonString()}");
        }
    }

    [Fact]
    public void Folded_event_by_event_and_kept_as_a_row_a_record_is_what_it_is_folded_at_once()
    {
        foreach (var (stream, state) in history.States)
        {
            var json = RegisterJson.Options.GetTypeInfo(state.GetType())!;
            RecordState? kept = null;
            foreach (var e in byStream[stream])
                kept = (RecordState)JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(RandomHistory.Evolve(stream, kept, e.Event, e.At), json), json)!;
            JsonSerializer.Serialize(kept, json).ShouldBe(JsonSerializer.Serialize(state, json), stream);
        }
    }

    // As the host reads the past: what changed since is folded again up to the position, the rest stands.
    static PartnershipFacts Then(PartnershipFacts now, long position)
    {
        var (stood, changed) = now.At(position);
        return stood.With(changed.Select(s => KeyValuePair.Create(s, byStream[s].Where(e => e.At.Position <= position).Aggregate((RecordState?)null, (r, e) => RandomHistory.Evolve(s, r, e.Event, e.At))!)));
    }
}
