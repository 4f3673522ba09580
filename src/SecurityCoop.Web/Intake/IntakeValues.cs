using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Recording;

namespace SecurityCoop.Web.Intake;

/// <summary>The form for a meeting, filled in from what a text proposes.</summary>
static class IntakeValues
{
    /// <param name="answer">As the interface answers, with every sentence located.</param>
    /// <param name="meeting">Which of its meetings.</param>
    /// <param name="document">The document's reference; null: it is described as a new one.</param>
    public static RecordingValues Of(JsonObject answer, int meeting, string? document, Language l)
    {
        var fields = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        var source = answer["source"]!["command"]!["body"]!.AsObject();
        if (document is not null) fields[RecordingFields.Document] = document;
        else foreach (var field in (string[])["title", "publisher", "language", "published"])
            if (source[field] is { } value) fields[$"new.{field}"] = (string?)value;
        if (source["marking"] is { } marking) fields["marking"] = (string?)marking;
        if (answer["meetings"]!.AsArray() is { } meetings && meeting < meetings.Count) Meeting(meetings[meeting]!.AsObject(), Day((string?)source["published"]), fields, l);
        return RecordingValues.Begun(fields);
    }

    static void Meeting(JsonObject proposed, DateOnly? day, Dictionary<string, StringValues> fields, Language l)
    {
        var body = proposed["command"]!["body"]!.AsObject();
        var partners = body["partners"]!.AsArray().Select(p => (string)p!).ToList();
        foreach (var (i, code) in partners.Index()) fields[$"partners.{RecordingFields.Number(i)}"] = l.Say(Known.PartnerName(code));
        foreach (var field in (string[])["kind", "place", "state"])
            if (body[field] is { } value) fields[field] = (string?)value;
        fields["date"] = (string?)body["date"] ?? "";
        if (body["dateAsGiven"] is { } words) Written((string)words!, (string?)body["date"], "date", "dateAsGiven");
        foreach (var side in (string[])["home", "partnerSide"])
            foreach (var (i, person) in proposed[side]!.AsArray().Index()) Participant($"{side}.{RecordingFields.Number(i)}", person!.AsObject());
        Places(body["source"], "source");
        foreach (var (i, statement) in (body["statements"]?.AsArray() ?? []).Index()) Statement($"statements.{RecordingFields.Number(i)}", statement!.AsObject());

        void Participant(string item, JsonObject person)
        {
            fields[$"{item}.person"] = (string?)person["person"] ?? (string?)person["name"] ?? "";
            fields[$"{item}.office.title"] = (string?)person["title"] ?? "";
            fields[$"{item}.office.organisation"] = (string?)person["organisation"] ?? "";
            fields[$"{item}.description"] = (string?)person["description"] ?? "";
            if (partners.Count > 1 && person["partner"] is { } code) fields[$"{item}.partner"] = l.Say(Known.PartnerName((string)code!));
        }

        void Statement(string item, JsonObject s)
        {
            fields[$"{item}.text"] = "";
            fields[$"{item}.force"] = (string?)s["force"];
            var speaker = (string?)s["speaker"];
            fields[$"{item}.speaker"] = partners is [var only] && only == speaker ? RecordingFields.ThePartner : speaker;
            fields[$"{item}.topics"] = new([.. (s["topics"]?.AsArray() ?? []).Select(t => (string?)t)]);
            if (s["formulaic"] is not null) fields[$"{item}.formulaic"] = "true";
            Places(s["source"], $"{item}.source");
            foreach (var kind in (string[])["action", "instrument"])
                foreach (var (field, value) in s[kind]?.AsObject() ?? [])
                    if (value is not null && !field.EndsWith("AsGiven", StringComparison.Ordinal)) fields[$"{item}.{kind}.{field}"] = (string?)value;
            Words(s["action"], "due");
            Words(s["instrument"], "expected");

            void Words(JsonNode? opened, string date)
            {
                if (opened?[$"{date}AsGiven"] is { } given)
                    Written((string)given!, (string?)opened[date], $"{item}.{(date == "due" ? "action" : "instrument")}.{date}", null);
            }
        }

        // The document's own words, where they read to the same date; otherwise the date, and beside it the words.
        void Written(string given, string? date, string field, string? asGiven)
        {
            if (WrittenDate.Read(given, day).Date?.Text == (date ?? "")) fields[field] = given;
            else if (asGiven is not null) fields[asGiven] = given;
        }

        void Places(JsonNode? locators, string list)
        {
            foreach (var (i, locator) in (locators?.AsArray() ?? []).Index())
                foreach (var field in (string[])["paragraph", "sentence"])
                    fields[$"{list}.{RecordingFields.Number(i)}.{field}"] = locator![field]?.ToJsonString() ?? "";
        }
    }

    static DateOnly? Day(string? published) => published is not null && DateOnly.TryParseExact(published, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture,
        System.Globalization.DateTimeStyles.None, out var day) ? day : null;
}
