using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Instruments;
using SecurityCoop.Web.Partnerships;

namespace SecurityCoop.Web;

/// <summary>What follows from a record for a day of the world: derived for each answer, never stored. What is only possible says so; what is not the case is left out.</summary>
static class AtTheDay
{
    /// <summary>Adds to a record's document what follows for the day.</summary>
    public static void Show(JsonObject json, RecordState record, DateOnly day)
    {
        switch (record)
        {
            case AgreedAction action:
                var marks = ActionMarks.Of(action, day);
                json["states"] = Slugs(action.StatesAt(day).Order().Select(s => Slug.Of(s)));
                Mark(json, "open", marks.Open);
                Mark(json, "overdue", marks.Overdue);
                Mark(json, "undated", marks.Undated);
                Mark(json, "reviewDue", marks.ReviewDue);
                Mark(json, "blocked", marks.Blocked);
                Mark(json, "waitingOnPartner", marks.WaitingOnPartner);
                Mark(json, "toVerify", marks.ToVerify);
                ShowReview(json, action.ReviewOn, action.ReviewDay is { } review ? [review] : []);
                break;
            case Instrument instrument:
                var (brief, work) = (InstrumentBrief.Of(instrument, day), InstrumentMarks.Of(instrument, day));
                json["states"] = Slugs(brief.States.Select(s => Slug.Of(s)));
                if (brief.Assumed == true) json["assumed"] = true;
                if (brief.Unsupported is { } acts) json["unsupported"] = Slugs(acts.Select(a => Slug.Of(a)));
                var shown = (JsonObject)JsonSerializer.SerializeToNode(brief, BodiesJson.Of<InstrumentBrief>())!;
                foreach (var name in (string[])["termDays", "suspendedBy", "announcedEnds", "parts", "relations"])
                    if (shown[name] is { } value) json[name] = value.DeepClone();
                Mark(json, "overdue", work.Overdue);
                Mark(json, "undated", work.Undated);
                Mark(json, "expiring", instrument.Expiring(day).Select(e => e.Certainty).DefaultIfEmpty(Certainty.No).Max());
                Mark(json, "reviewDue", work.ReviewDue);
                ShowReview(json, brief.ReviewOn, [.. instrument.ReviewDays(day).Select(r => r.Day)]);
                break;
            case Meeting meeting:
                if (meeting.PlannedFor is null) json.Remove("outcomes"); // It was never planned: nothing came of a plan.
                else if (meeting.StatesAt(day) is { Count: > 0 } states) json["states"] = Slugs(states.Order().Select(s => Slug.Of(s)));
                if (meeting.State == MeetingState.Held) Mark(json, "happened", meeting.Details!.Date.StartedBy(day));
                break;
            case Person person:
                foreach (var (office, item) in person.Offices.Zip((JsonArray)json["offices"]!))
                    if (!office.Withdrawn) Mark((JsonObject)item!, "held", Held(office.Office, day));
                break;
            case Organisation organisation:
                if (organisation.FormerNames.FirstOrDefault(f => f.Until.StartedBy(day) == Certainty.No) is { } then)
                    json["namesThen"] = new JsonObject(then.Names.Select(n => KeyValuePair.Create(n.Key, (JsonNode?)n.Value)));
                break;
        }
    }

    /// <summary>Whether the record may have begun by the day. What nobody has dated may have; a meeting that is only planned was planned before.</summary>
    public static bool MayHaveBegun(RecordState record, DateOnly day) => record switch
    {
        AgreedAction a => a.Details!.On.StartedBy(day) != Certainty.No,
        Instrument i => i.Acts.All(a => a.Withdrawn) || i.Acts.Any(a => !a.Withdrawn && a.On.StartedBy(day) != Certainty.No),
        Meeting { State: MeetingState.Held } m => m.Details!.Date.StartedBy(day) != Certainty.No,
        _ => true,
    };

    // The day on which it is looked at again, set or derived: one day as such, anything less sure as what it may be.
    static void ShowReview(JsonObject json, DateOnly? exactly, IReadOnlyList<Edtf> days)
    {
        json.Remove("reviewOn");
        if (exactly is { } day) json["reviewOn"] = Edtf.On(day).Text;
        else if (days.Count > 0) json["reviewDays"] = Slugs(days.Select(d => d.Text));
    }

    /// <summary>Whether an office is held on a day: from its first day to its last; a day that nobody gave is any.</summary>
    public static Certainty Held(PersonOfficeRecorded office, DateOnly day)
    {
        var (begun, over) = (office.From?.StartedBy(day) ?? Certainty.Possible, office.Until?.IsPast(day) ?? Certainty.No);
        var lasts = over switch { Certainty.No => Certainty.Certain, Certainty.Possible => Certainty.Possible, Certainty.Certain => Certainty.No };
        return begun < lasts ? begun : lasts;
    }

    /// <summary>Writes how certain something is, where it is the case at all.</summary>
    public static void Mark(JsonObject json, string name, Certainty certainty)
    {
        if (certainty != Certainty.No) json[name] = Slug.Of(certainty);
    }

    static JsonArray Slugs(IEnumerable<string> slugs) => [.. slugs.Select(s => (JsonNode)s)];
}
