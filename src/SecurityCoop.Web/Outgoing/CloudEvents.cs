using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Privacy;

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
public sealed partial class CloudEvents : IDisposable
{
    /// <summary>Its name among those who follow the log.</summary>
    public const string Follower = "cloud-events";

    const int AttemptsAtOnce = 6;
    static readonly TimeSpan firstWait = TimeSpan.FromMilliseconds(100), longestWait = TimeSpan.FromMinutes(1);
    static readonly TimeSpan grace = TimeSpan.FromSeconds(3);
    static readonly MediaTypeHeaderValue structured = new("application/cloudevents+json", "utf-8");

    readonly RegisterStore store;
    readonly CloudEventsSettings settings;
    readonly TimeProvider time;
    readonly ILogger<CloudEvents> log;
    (long Position, int Attempts, long At) failed; // Of this host; touched by the one page that is on its way.
    // To the receiver the register is an auditor with this clearance, who is shown no names.
    readonly Caller receiver;
    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(30) };

    public CloudEvents(RegisterStore store, CloudEventsSettings settings, TimeProvider time, ILogger<CloudEvents> log)
    {
        (this.store, this.settings, this.time, this.log) = (store, settings, time, log);
        receiver = new(Follower, new HashSet<Role> { Role.Auditor }, settings.Marking);
    }

    /// <summary>
    /// Sends the events of a page. Each is tried a few times at once; then the daemon pauses, so that the failure is seen, and comes back
    /// with the same page some seconds later, without end. An address that stays away is asked less and less often: the daemon has one
    /// pause for all who follow and all failures, so what is missing of the wait is waited for here.
    /// </summary>
    internal async Task Follow(FollowedPage page, CancellationToken stop)
    {
        // What is on its way when the host stops is waited for: cut off, it would come a second time.
        using var sending = new CancellationTokenSource();
        await using var ending = stop.Register(() => sending.CancelAfter(grace));
        await foreach (var e in store.ReadAll(new EventFilter { After = page.After, Through = page.Through }, stop))
        {
            if (UserKind.IsOfAccess(e.Stream)) continue; // Who may do what, and who did, leaves the register to nobody.
            var attempts = failed.Position == e.Position ? failed.Attempts : 0;
            if (attempts > 0 && WaitAfter(attempts) - time.GetElapsedTime(failed.At) is var missing && missing > TimeSpan.Zero)
                await Task.Delay(missing, stop);
            for (var once = attempts >= AttemptsAtOnce; ;)
            {
                try
                {
                    await Send(e, sending.Token);
                    break;
                }
                catch (Exception failure) when (!stop.IsCancellationRequested)
                {
                    failed = (e.Position, ++attempts, time.GetTimestamp());
                    Log.Failed(log, failure, e.Type, e.Position, attempts);
                    if (once || attempts >= AttemptsAtOnce) throw;
                }
                await Task.Delay(WaitAfter(attempts), stop);
            }
        }
    }

    /// <summary>How long the address is left alone after so many attempts in a row that failed.</summary>
    internal static TimeSpan WaitAfter(int attempts) =>
        TimeSpan.FromTicks((long)Math.Min(longestWait.Ticks, firstWait.Ticks * Math.Pow(2, attempts - 1)));

    async Task Send(StoredEvent e, CancellationToken stop)
    {
        var shown = (await AuditEndpoints.Shown([e], receiver, store, stop))[0];
        var data = JsonSerializer.SerializeToNode(shown, BodiesJson.Shown<EventBody>())!;
        // Of what is withheld nobody learns more than that it stands there: neither kind nor record.
        await Post(e.Header.Log, e.Id.ToString("D"), shown.Type ?? "withheld", shown.Withheld is true ? null : shown.Reference ?? shown.Stream, e.RecordedAt, data, stop);
    }

    /// <summary>Sends the reminders of a day.</summary>
    internal async Task Remind(DateOnly day, CancellationToken stop)
    {
        await foreach (var (id, reminder) in Reminders.Of(day, store, receiver.Rights, stop))
            await Post(store.Log, id, "reminder", reminder["reference"]?.GetValue<string>() ?? reminder["id"]!.GetValue<string>(), time.GetUtcNow().UtcDateTime, reminder, stop);
    }

    async Task Post(Guid log, string id, string type, string? subject, DateTime at, JsonNode data, CancellationToken stop)
    {
        var envelope = new JsonObject
        {
            ["specversion"] = "1.0", ["id"] = id, ["source"] = $"urn:uuid:{log}", ["type"] = $"securitycoop.{type}", ["time"] = at.ToString("O", CultureInfo.InvariantCulture),
            ["datacontenttype"] = "application/json", ["data"] = data,
        };
        if (subject is not null) envelope["subject"] = subject;
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(envelope, BodiesJson.Of<JsonObject>())) };
        request.Content.Headers.ContentType = structured;
        if (settings.Token is { Length: > 0 } token) request.Headers.Authorization = new("Bearer", token);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => http.Dispose();

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error,
            Message = "Event {Type} at position {Position} could not be sent to others, attempt {Attempt}; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure, string type, long position, int attempt);
    }
}
