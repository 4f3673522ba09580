using System.Net.Http.Headers;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Outgoing;

/// <summary>Where the register tells others what it records, and how much of it.</summary>
/// <param name="Token">Sent as a bearer token, where there is one.</param>
/// <param name="Marking">What is marked higher leaves the register without its content.</param>
public sealed record CloudEventsSettings(Uri Url, string? Token, Marking Marking)
{
    /// <summary>Register:CloudEvents: Url, Token, Marking. Null: nothing is told to anybody.</summary>
    /// <exception cref="StartRefused">Url is no address of http or https, or there is no such marking.</exception>
    public static CloudEventsSettings? Of(IConfiguration configuration)
    {
        if (configuration["Register:CloudEvents:Url"] is not { Length: > 0 } address) return null;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new StartRefused("Register__CloudEvents__Url is no address that begins with http:// or https://.");
        return new(url, configuration["Register:CloudEvents:Token"], configuration.MarkingOf("Register:CloudEvents:Marking", Marking.Open));
    }
}

/// <summary>
/// Sends every event as a CloudEvent (specification 1.0, structured mode over HTTP) to one address, in the order of the log, each at least once: the next one
/// goes when the last was answered with 2xx. Reminders go there too (<see cref="Reminders"/>).
/// </summary>
public sealed class CloudEvents : IDisposable
{
    /// <summary>Its name among those who follow the log.</summary>
    public const string Follower = "cloud-events";

    static readonly MediaTypeHeaderValue structured = new(EventEnvelopes.MediaType, "utf-8");

    readonly RegisterStore store;
    readonly CloudEventsSettings settings;
    readonly TimeProvider time;
    readonly EventEnvelopes envelopes;
    readonly EventSender sender;
    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(30) };

    public CloudEvents(RegisterStore store, CloudEventsSettings settings, TimeProvider time, ILogger<CloudEvents> log)
    {
        (this.store, this.settings, this.time) = (store, settings, time);
        envelopes = new(store, Follower, settings.Marking);
        sender = new(store, time, log, async (e, stop) => await Post(await envelopes.Of(e, stop), stop));
    }

    /// <summary>Sends the events of a page.</summary>
    internal Task Follow(FollowedPage page, CancellationToken stop) => sender.Follow(page, stop);

    /// <summary>Sends the reminders of a day.</summary>
    internal async Task Remind(DateOnly day, CancellationToken stop)
    {
        await foreach (var (id, reminder) in Reminders.Of(day, store, envelopes.Rights, stop))
        {
            var subject = reminder["reference"]?.GetValue<string>() ?? reminder["id"]!.GetValue<string>();
            await Post(EventEnvelopes.Of(store.Log, id, "reminder", subject, time.GetUtcNow().UtcDateTime, reminder, []), stop);
        }
    }

    async Task Post(OutgoingEvent outgoing, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url) { Content = new ByteArrayContent(outgoing.Json) };
        request.Content.Headers.ContentType = structured;
        if (settings.Token is { Length: > 0 } token) request.Headers.Authorization = new("Bearer", token);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => http.Dispose();
}
