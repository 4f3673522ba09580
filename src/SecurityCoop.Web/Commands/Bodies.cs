using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Web.Commands;

/// <param name="Value">The body.</param>
/// <param name="Understood">The dates that it gives in words.</param>
/// <param name="Names">What in it looks like the name of a record, each once.</param>
public sealed record ReadBody<T>(T Value, IReadOnlyList<UnderstoodDate> Understood, IReadOnlyCollection<string> Names);

/// <summary>Reads bodies strictly: what is not understood is refused by name, and nothing is recorded.</summary>
public static partial class Bodies
{
    public const int MaxBytes = 1 << 20;

    // A larger one takes a place among the few that are read at a time.
    const int Large = 64 << 10;

    /// <exception cref="Refusal">not-json (415), too-large (413), host-full (503).</exception>
    public static async Task<byte[]> Read(HttpContext http, CancellationToken stop)
    {
        if (!http.Request.HasJsonContentType() && http.Request.ContentLength is not 0) throw Refusal.Because("not-json");
        if (http.Request.ContentLength > MaxBytes) throw Refusal.Because("too-large");
        using var bytes = new MemoryStream();
        var (buffer, place) = (new byte[16 << 10], false);
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, stop)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxBytes) throw Refusal.Because("too-large");
            if (bytes.Length > Large && !place) http.RequestServices.GetRequiredService<LargeBodies>().Enter(http);
            place |= bytes.Length > Large;
        }
        return bytes.ToArray();
    }

    /// <exception cref="Refusal">
    /// What <see cref="BodyText"/> refuses, unknown-field, required, invalid-date, unknown-code or invalid-value, with the field's JSON pointer.
    /// </exception>
    public static ReadBody<T> Parse<T>(byte[] bytes, JsonTypeInfo<T> json)
    {
        var names = BodyText.Check(bytes);
        bytes = WrittenDates.Taken(bytes, json, out var understood);
        try
        {
            return new(JsonSerializer.Deserialize(bytes, json) ?? throw Refusal.OfField("", "required"), understood, names);
        }
        catch (JsonException e)
        {
            throw Explained(e);
        }
    }

    static Refusal Explained(JsonException e)
    {
        var pointer = Pointer(e.Path) + e.Data[OneOrSeveral.Within];
        if (e.InnerException is UnknownSlug unknown) return Refusal.OfField(pointer, "unknown-code", unknown.Given, unknown.Taken);
        if (e.InnerException is EdtfException fault) return Refusal.OfField(pointer, "invalid-date", fault.Message);
        if (Missing().Match(e.Message) is { Success: true } missing)
            return Refusal.OfField($"{pointer}/{Quoted().Match(missing.Value).Groups[1].Value}", "required");
        if (Unmapped().Match(e.Message) is { Success: true } unmapped)
            return Refusal.OfField(pointer.EndsWith($"/{unmapped.Groups[1].Value}", StringComparison.Ordinal) ? pointer : $"{pointer}/{unmapped.Groups[1].Value}", "unknown-field", unmapped.Groups[1].Value, "");
        return Refusal.OfField(pointer, "invalid-value", pointer);
    }

    internal static string Pointer(string? path) =>
        path is null or "$" ? "" : Index().Replace(path[1..], "/$1").Replace("['", "/", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal).Replace('.', '/');

    [GeneratedRegex(@"\[(\d+)\]")] private static partial Regex Index();
    [GeneratedRegex(@"missing required properties.*$")] private static partial Regex Missing();
    [GeneratedRegex(@"'([^']+)'")] private static partial Regex Quoted();
    [GeneratedRegex(@"The JSON property '([^']+)' could not be mapped")] private static partial Regex Unmapped();
}
