using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Intake;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Meetings;
using SecurityCoop.Web.Sources;

namespace SecurityCoop.Web.Intake;

/// <summary>
/// What is answered: the proposals with their reasons, and beside each meeting, act and the source the command that records it, which can
/// be
/// sent as it is.
/// </summary>
sealed class IntakeAnswer(IntakeBody asked, IntakeProposal read, string? digest, Resemblances resemblances, FurtherSource further, Caller caller)
{
    const int LongestTitle = 160;

    readonly Dictionary<string, string?> people = new(StringComparer.Ordinal);

    public async Task<JsonObject> Make(CancellationToken stop)
    {
        foreach (var p in read.Meetings.SelectMany(m => m.Home.Concat(m.PartnerSide)).Where(p => p.Name is not null))
            if (!people.ContainsKey(p.Name!)) people[p.Name!] = await Known(p, stop);
        var answer = new JsonObject
        {
            ["text"] = asked.Communique, ["source"] = Json(read.Source), ["sentences"] = Json(read.Sentences), ["meetings"] = new JsonArray(),
                ["statements"] = Json(read.Statements),
            ["acts"] = new JsonArray(), ["occasions"] = Json(read.Occasions), ["unused"] = Json(read.Unused), ["notes"] = Json(read.Notes),
        };
        answer["source"]!["sha256"] = digest ?? read.Source.Sha256;
        answer["source"]!["command"] = Command("/api/sources", Source());
        for (var i = 0; i < read.Meetings.Count; i++)
        {
            var (meeting, body) = (Json(read.Meetings[i])!.AsObject(), Meeting(i));
            foreach (var side in (string[])["home", "partnerSide"])
                foreach (var p in meeting[side]!.AsArray())
                    if ((string?)p!["name"] is { } name && people.GetValueOrDefault(name) is { } person) p["person"] = person;
            if (await resemblances.Of(new MeetingDetails { Partners = body.Partners!, Kind = body.Kind!, Date = body.Date! }, caller,
                stop) is { } like)
            {
                meeting["resembles"] = Json(like);
                if (await further.Of(body, like[0], Locators(read.Meetings[i].Sentences), caller, stop) is { } proposed) meeting["furtherSource"] = proposed;
            }
            meeting["command"] = Command("/api/meetings", body);
            answer["meetings"]!.AsArray().Add((JsonNode)meeting);
        }
        foreach (var act in read.Acts)
        {
            var shown = Json(act)!.AsObject();
            shown["command"] = Command("/api/instruments", Instrument(act));
            answer["acts"]!.AsArray().Add((JsonNode)shown);
        }
        return answer;
    }

    // The one person on file of that name; of several, nobody.
    async Task<string?> Known(ProposedParticipant p, CancellationToken stop) =>
        await resemblances.OfName(p.Name!, p.Partner is null ? HomeCountry.Code : p.Partner.Length == 2 ? p.Partner : null, caller,
            stop) is [var only] ? only : null;

    static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value, BodiesJson.Shown<T>());

    internal static JsonObject Command<T>(string post, T body) => new() { ["post"] = post, ["body"] = Json(body) };

    SourceBody Source() => new()
    {
        Title = Title(), Publisher = read.Source.Publisher.Value, Language = read.Source.Language.Value, Published =
            read.Source.Published.Value.IsUnknown ? null : read.Source.Published.Value,
        Sha256 = digest ?? read.Source.Sha256, Marking = asked.Marking,
    };

    // In words of the register's own: whom it is about, and what was held.
    string Title()
    {
        var language = read.Source.Language.Value;
        string In(Label label) => language switch { "ar" => label.Ar, "en" => label.En, _ => label.Fr };
        var names = read.Meetings.SelectMany(m => m.Partners.Value).Distinct()
            .Select(code => Countries.All.TryGetValue(code, out var country) ? In(country)
                : Vocabulary.Default.PartnerOrganisations.TryGetValue(code, out var body) ? In(body) : code);
        var kinds = read.Meetings.Select(m => In(Vocabulary.Default.MeetingKinds[m.Kind.Value])).Distinct();
        var title = string.Join(" – ", ((string[])[string.Join(", ", names), string.Join(", ", kinds)]).Where(t => t.Length > 0));
        if (title.Length == 0) title = language switch { "ar" => "بلاغ", "en" => "Communiqué", _ => "Communiqué" };
        return title.Length <= LongestTitle ? title : title[..LongestTitle];
    }

    MeetingBody Meeting(int index)
    {
        var m = read.Meetings[index];
        return new()
        {
            State = m.State == "planned" ? MeetingState.Planned : MeetingState.Held, Partners = m.Partners.Value, Kind = m.Kind.Value,
                Date = m.Date.Value, DateAsGiven = m.DateAsGiven,
            Place = m.Place.Value, Home = Side(m.Home, m), PartnerSide = Side(m.PartnerSide, m), Marking = asked.Marking, Source =
                Locators(m.Sentences),
            Statements = [.. read.Statements.Where(s => s.Meetings.Contains(index) && MayStand(s, m)).Select(Statement)],
        };
    }

    // A planned meeting has had no statements yet.
    static bool MayStand(ProposedStatement s, ProposedMeeting m) =>
        m.State == "held" && (s.Speaker.Value is Statements.Home or Statements.Joint || m.Partners.Value.Contains(s.Speaker.Value));

    List<Participant>? Side(IReadOnlyList<ProposedParticipant> side, ProposedMeeting m)
    {
        var participants = side.Select(p => new Participant(
            p.Name is { } name ? people.GetValueOrDefault(name) : null, p.Title is { } title
                ? new Office(title, p.Organisation, p.Acting ? true : null) : null, p.Description,
            m.Partners.Value.Count > 1 ? p.Partner : null))
            // A name alone is not recorded in the clear: its person is, first.
            .Where(p => p.Person is not null || p.Office is not null || p.Description is not null).ToList();
        return participants.Count == 0 ? null : participants;
    }

    StatementBody Statement(ProposedStatement s) => new()
    {
        Force = s.Force.Value, Speaker = s.Speaker.Value, Topics = [.. s.Topics.Select(t => t.Value)], Formulaic = s.Formulaic ? true
            : null, Source = Locators(s.Sentences),
        Action = s.Action is not { } a ? null : new(What: a.What,
            OwedBy: a.OwedBy switch { "home" => OwedBy.Home, "partner" => OwedBy.Partner, _ => OwedBy.Both },
            Due: a.Due.Value.IsUnknown ? null : a.Due.Value, DueAsGiven: a.DueAsGiven),
        Instrument = s.Instrument is not { } i ? null : new(Kind: i.Kind.Value, Title: i.Title, Binding: Binding.Unknown,
            Expected: i.Expected.Value, ExpectedAsGiven: i.ExpectedAsGiven),
    };

    JsonObject Instrument(ProposedAct act)
    {
        var partners = read.Meetings.Count == 0 ? [] : read.Meetings[Math.Clamp(act.Meeting ?? 0, 0,
            read.Meetings.Count - 1)].Partners.Value;
        var body = new JsonObject
        {
            ["partners"] = Json(partners), ["kind"] = act.Kind.Value, ["title"] = act.Title,
            ["acts"] = new JsonArray(new JsonObject { ["kind"] = act.Act, ["on"] = act.On.Value.Text }),
        };
        if (asked.Marking is { } marking) body["marking"] = Slug.Of(marking);
        if (Locators(act.Sentences) is { } source) body["source"] = Json(source);
        return body;
    }

    List<LocatorBody>? Locators(IReadOnlyList<int> sentences) =>
        asked.Document is not { } document ? null : [.. sentences.Select(i => read.Sentences[i])
            .Select(s => new LocatorBody(document, s.Paragraph, s.Number, s.Sha256))];
}
