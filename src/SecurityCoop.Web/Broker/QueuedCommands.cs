using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Net.Http.Headers;
using RabbitMQ.Client;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Outgoing;
using Wolverine;

namespace SecurityCoop.Web.Broker;

/// <summary>A command in a message, named as over HTTP.</summary>
/// <param name="Path">The address at which HTTP takes it.</param>
/// <param name="Body">What HTTP takes as the request's body.</param>
/// <param name="IfMatch">As the header of that name.</param>
/// <param name="DryRun">As the parameter of that name.</param>
/// <param name="IdempotencyKey">As the header of that name; absent: the message's id.</param>
sealed record QueuedCommand(string Path, JsonElement Body, string? IfMatch = null, bool DryRun = false, string? IdempotencyKey = null);

/// <summary>
/// Takes commands from the broker's queue, one after the other, as they are taken over HTTP, and answers each to the queue that its sender
/// named. A message is acknowledged once it is answered; until then it stays at the broker.
/// </summary>
sealed partial class QueuedCommands(
    CommandQueue queue, IServiceProvider services, AccessTrace trace, IHostApplicationLifetime life, ILogger<QueuedCommands> log)
{
    static readonly Backoff backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(15));

    // Of the host or the database, and of no command: every other command would be refused too, so that the queue waits.
    internal static readonly IReadOnlyList<string> Passes =
        ["busy", "database-away", "disk-full", "keys-unusable", "outcome-unknown", "host-full", "history-broken", "view-outdated"];

    // One that names nothing by a parameter goes first.
    static readonly IReadOnlyList<(TemplateMatcher Address, DeclaredCommand Command)> commands = [.. Setup.Features.SelectMany(f => f)
        .OrderBy(c => c.Pattern.Count(p => p == '{')).Select(c => (new TemplateMatcher(TemplateParser.Parse($"/api{c.Pattern}"), []), c))];

    readonly SemaphoreSlim one = new(1);
    readonly Lock gate = new();
    CancellationTokenSource? current; // Of the message that is at work; guarded by `gate`.

    /// <summary>From which it takes them.</summary>
    public CommandQueue Queue => queue;

    /// <summary>Decides a message and answers it; what hinders that for a while is waited for.</summary>
    /// <exception cref="OperationCanceledException">The host stops, or the broker has taken the message back; it is not acknowledged.</exception>
    public async Task Take(BrokerMessage message)
    {
        using var own = CancellationTokenSource.CreateLinkedTokenSource(life.ApplicationStopping);
        // The broker sends one at a time: that this one came means that it has given up the connection by which the one before came.
        lock (gate)
        {
            current?.Cancel();
            current = own;
        }
        await one.WaitAsync(own.Token);
        try
        {
            await Decide(message, own.Token);
        }
        finally
        {
            lock (gate)
                if (current == own) current = null;
            one.Release();
        }
    }

    async Task Decide(BrokerMessage message, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Answer(message, await Given(message, stop), stop);
                return;
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                Log.Waiting(log, message.Properties.MessageId, failure is Passing p ? p.Slug : failure.GetType().Name, attempt);
            }
            await Task.Delay(backoff.After(attempt), stop);
        }
    }

    sealed class Passing(string slug) : Exception
    {
        public string Slug => slug;
    }

    /// <param name="Refused">Why it was refused; null: it was not.</param>
    /// <param name="IsCommand">False where it was no command at all.</param>
    sealed record Outcome(int Status, byte[] Json, string? Refused, bool IsCommand);

    async Task<Outcome> Given(BrokerMessage message, CancellationToken stop)
    {
        var path = "";
        DeclaredCommand? command = null;
        try
        {
            if (message.Body.Length > Bodies.MaxBytes) throw Refusal.Because("too-large");
            var given = Read(message.Body);
            path = given.Path;
            var key = given.IdempotencyKey ?? message.Properties.MessageId;
            // Without one a message that comes a second time would be recorded a second time.
            if (key is not { Length: > 0 }) throw Refusal.Because("malformed-message");
            if (key.Length > CommandHttp.LongestKey) throw CommandHttp.KeyLength();
            (command, var name) = Named(path);
            var body = System.Text.Encoding.UTF8.GetBytes(given.Body.GetRawText());
            var envelope = new CommandEnvelope(queue.Caller)
            {
                DryRun = given.DryRun, IfMatch = given.IfMatch, Key = given.DryRun ? null : new(queue.Caller.Subject, $"POST {path}", key, body),
            };
            await using var scope = services.CreateAsyncScope();
            var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
            var answer = await command.Give(name, body, envelope, services, bus, stop);
            return new(CommandHttp.StatusOf(answer), JsonSerializer.SerializeToUtf8Bytes(answer, BodiesJson.Shown<CommandAnswer>()), null, true);
        }
        catch (Exception thrown) when (!stop.IsCancellationRequested)
        {
            return Refused(message, path, command, thrown);
        }
    }

    Outcome Refused(BrokerMessage message, string path, DeclaredCommand? command, Exception thrown)
    {
        // What a handler was cancelled for, by its own time, is no answer either.
        if (thrown is OperationCanceledException or TimeoutException) throw new Passing("busy");
        var (slug, field, args) = Problems.Of(thrown);
        if (Passes.Contains(slug)) throw new Passing(slug);
        if (slug == "internal") Log.Unforeseen(log, thrown, message.Properties.MessageId);
        var problem = Problems.Document(slug, field, args, thrown is Refusal { OfModel: true }, LanguageOf(message), path);
        if (problem.Status == StatusCodes.Status403Forbidden) trace.Refused(queue.Caller.Subject, $"POST /api{command?.Pattern}");
        return new(problem.Status, JsonSerializer.SerializeToUtf8Bytes(problem, BodiesJson.Shown<ProblemBody>()), slug, command is not null);
    }

    static QueuedCommand Read(byte[] json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, BodiesJson.Of<QueuedCommand>()) is { Body.ValueKind: JsonValueKind.Object } read) return read;
        }
        catch (JsonException)
        {
            // What is wrong with it would quote it.
        }
        throw Refusal.Because("malformed-message");
    }

    static (DeclaredCommand Command, string Name) Named(string path)
    {
        if (path.StartsWith('/'))
            foreach (var (address, command) in commands)
            {
                var values = new RouteValueDictionary();
                if (address.TryMatch(Uri.UnescapeDataString(path), values)) return (command, CommandHttp.NameIn(values));
            }
        throw Refusal.Because("unknown-command");
    }

    static string LanguageOf(BrokerMessage message) =>
        message.Header("Accept-Language") is { } given && StringWithQualityHeaderValue.TryParseList([given], out var accepted)
            ? Sentence.LanguageOf(accepted) : Sentence.LanguageOf([]);

    // First what says that it is done, then the acknowledgement: a host that ends in between is given the message again, and answers again.
    async Task Answer(BrokerMessage message, Outcome outcome, CancellationToken stop)
    {
        var broker = services.GetRequiredService<BrokerConnection>();
        var (given, replyTo) = (message.Properties, message.Properties.ReplyTo);
        if (replyTo is { Length: > 0 })
        {
            var properties = new BasicProperties
            {
                CorrelationId = given.CorrelationId ?? given.MessageId, AppId = "securitycoop", ContentEncoding = "utf-8",
                ContentType = outcome.Refused is null ? "application/json" : "application/problem+json",
                Headers = new Dictionary<string, object?> { ["status"] = outcome.Status },
            };
            await broker.Send("", replyTo, new(properties, outcome.Json), stop);
        }
        // A refusal that nobody asked to hear of is not to be lost either.
        if (outcome.IsCommand && (outcome.Refused is null || replyTo is { Length: > 0 })) return;
        await Bury(broker, message, outcome.Refused!, stop);
    }

    // Without the content, whose marking nobody knows: whoever reads dead letters is not whoever may read that. The digest finds the
    // message again at its sender.
    async Task Bury(BrokerConnection broker, BrokerMessage message, string reason, CancellationToken stop)
    {
        var letter = new JsonObject
        {
            ["reason"] = reason, ["messageId"] = message.Properties.MessageId, ["size"] = message.Body.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(message.Body)),
        };
        var properties = new BasicProperties
        {
            CorrelationId = message.Properties.CorrelationId, ContentType = "application/json", AppId = "securitycoop",
        };
        await broker.Send("", queue.DeadLetters, new(properties, JsonSerializer.SerializeToUtf8Bytes(letter)), stop);
        Log.Buried(log, message.Properties.MessageId, reason);
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Id} of the queue cannot be decided now ({Reason}), attempt {Attempt}; it is tried again")]
        public static partial void Waiting(ILogger log, string? id, string reason, int attempt);

        [LoggerMessage(Level = LogLevel.Error, Message = "Unforeseen with message {Id} of the queue")]
        public static partial void Unforeseen(ILogger log, Exception thrown, string? id);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Id} of the queue went to the dead letters: {Reason}")]
        public static partial void Buried(ILogger log, string? id, string reason);
    }
}
