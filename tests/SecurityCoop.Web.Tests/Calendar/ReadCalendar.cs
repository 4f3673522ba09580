using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Shouldly;

namespace SecurityCoop.Web.Tests.Calendar;

/// <summary>A calendar as ical.js reads it.</summary>
sealed record ReadCalendar(string Name, IReadOnlyList<ReadEvent> Events)
{
    public static async Task<ReadCalendar> Of(Answer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.MediaType.ShouldBe("text/calendar");
        NodeProgram.Installed(Path.Combine("ical.js", "package.json"));
        var (output, errors, exitCode) = await NodeProgram.Run("node", ["calendar.mjs"], Encoding.UTF8.GetBytes(answer.Text));
        exitCode.ShouldBe(0, errors);
        var read = JsonDocument.Parse(output).RootElement;
        (read.GetProperty("version").GetString(), read.TryGetProperty("method", out _), read.GetProperty("refresh").GetString()).ShouldBe(("2.0", false, "PT1H"));
        var events = read.GetProperty("events").EnumerateArray().Select(e => new ReadEvent(e)).ToList();
        events.Select(e => e.Uid).ShouldBeUnique();
        return new(read.GetProperty("name").GetString()!, events);
    }

    /// <summary>Its events, each in a line, in the order of their days.</summary>
    public IReadOnlyList<string> Lines => [.. Events.Select(e => e.ToString()).Order(StringComparer.Ordinal)];
}

/// <summary>One event; its days, the last one included.</summary>
sealed class ReadEvent
{
    readonly JsonElement json;

    public ReadEvent(JsonElement json)
    {
        this.json = json;
        json.GetProperty("allDay").GetBoolean().ShouldBeTrue();
        Text("transparency").ShouldBe("TRANSPARENT");
        DateTime.ParseExact(Text("stamp")!, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal).ShouldBeLessThanOrEqualTo(DateTime.UtcNow.AddMinutes(1));
    }

    string? Text(string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    public string Uid => Text("uid")!;
    public DateOnly From => DateOnly.ParseExact(Text("from")!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
    public DateOnly Until => DateOnly.ParseExact(Text("end")!, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(-1);
    public int Sequence => json.GetProperty("sequence").GetInt32();
    public string Summary => Text("summary")!;
    public string Description => Text("description")!;
    public string? Location => Text("location");
    public string Status => Text("status")!;
    public string Url => Text("url")!;
    public IReadOnlyList<string> Categories => [.. json.GetProperty("categories").EnumerateArray().Select(c => c.GetString()!)];

    public string Days => FormattableString.Invariant($"{From:yyyy-MM-dd}{(From == Until ? "" : FormattableString.Invariant($"/{Until:yyyy-MM-dd}"))} {Status}");

    public override string ToString() => $"{Days} {Summary}";
}
