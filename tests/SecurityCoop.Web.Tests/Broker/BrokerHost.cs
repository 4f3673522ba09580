using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Shouldly;

namespace SecurityCoop.Web.Tests.Broker;

/// <summary>What came from the broker.</summary>
/// <param name="Json">Its body; Undefined where that is none.</param>
public sealed record Came(string Key, IReadOnlyBasicProperties Properties, string Text, JsonElement Json);

/// <summary>A host with a broker, which tells up to what is marked restricted, and takes commands of a recorder who may see that much.</summary>
public sealed class BrokerHost(TestPostgres postgres, RabbitServer server) : HostFixture(postgres)
{
    static int hosts;
    readonly string name = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref hosts)}");

    public const string Subject = "desk-queue";

    public RabbitServer Server => server;
    public string Exchange => name + ".events";
    public string Queue => name + ".commands";
    public string DeadLetters => Queue + ".dead";

    public Dictionary<string, string?> Broker => new()
    {
        ["Register:Broker"] = server.Address, ["Register:Broker:Exchange"] = Exchange, ["Register:Broker:Marking"] = "restricted",
        ["Register:Broker:Queue"] = Queue, ["Register:Broker:Subject"] = Subject, ["Register:Broker:Roles"] = "recorder",
        ["Register:Broker:Clearance"] = "restricted",
    };

    protected override void Configure(WebApplicationBuilder builder) => builder.Configuration.AddInMemoryCollection(Broker);

    public override async ValueTask InitializeAsync()
    {
        // The exchange and a queue of everything, so that nothing is missed.
        await using var listener = await Listener();
        await base.InitializeAsync();
        await Until(async () => await Exists(DeadLetters), "the host has declared its queues");
    }

    /// <summary>Somebody who has bound a queue to the host's exchange, and reads it.</summary>
    public async Task<BrokerListener> Listener(string binding = "#", string queue = "everything")
    {
        var connection = await server.Connect();
        var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Exchange, "topic", durable: true);
        await channel.QueueDeclareAsync($"{name}.{queue}", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync($"{name}.{queue}", Exchange, binding);
        return await BrokerListener.Of(connection, channel, $"{name}.{queue}");
    }

    /// <summary>Somebody who reads a queue that is there.</summary>
    public async Task<BrokerListener> Reading(string queue)
    {
        var connection = await server.Connect();
        return await BrokerListener.Of(connection, await connection.CreateChannelAsync(), queue);
    }

    /// <summary>Makes a queue that outlives the broker's process. A broker that is killed in the next moments may forget it.</summary>
    public async Task Declare(string queue)
    {
        await using var connection = await server.Connect();
        await using var channel = await connection.CreateChannelAsync();
        await Declare(channel, queue);
    }

    static Task Declare(IChannel channel, string queue) => channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);

    /// <summary>Puts a message into the queue of commands.</summary>
    public async Task Send(string? id, byte[] body, string? replyTo = null, string? language = "en", string? correlation = null)
    {
        await using var connection = await server.Connect();
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        if (replyTo is not null) await Declare(channel, replyTo);
        var properties = new BasicProperties
        {
            MessageId = id, ReplyTo = replyTo, CorrelationId = correlation, Persistent = true,
            Headers = language is null ? null : new Dictionary<string, object?> { ["Accept-Language"] = language },
        };
        await channel.BasicPublishAsync("", Queue, mandatory: true, properties, body);
    }

    public static byte[] Command(string path, string body, string more = "") => Encoding.UTF8.GetBytes($$"""{"path": "{{path}}", "body": {{body}}{{more}}}""");

    /// <summary>Sends a command and waits for its answer.</summary>
    public async Task<Came> Ask(string id, string path, string body, string more = "", string language = "en") => await Ask(id, Command(path, body, more), language);

    /// <summary>The same of any message.</summary>
    public async Task<Came> Ask(string? id, byte[] message, string language = "en")
    {
        var replies = $"{name}.r{Guid.NewGuid():N}";
        await Send(id, message, replies, language, "c-" + id);
        await using var listener = await Reading(replies);
        return await listener.Next();
    }

    async Task<bool> Exists(string queue)
    {
        await using var connection = await server.Connect();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            await channel.QueueDeclarePassiveAsync(queue);
            return true;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return false;
        }
    }

    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        for (var until = DateTime.UtcNow.AddSeconds(60); !await condition(); await Task.Delay(50)) DateTime.UtcNow.ShouldBeLessThan(until, what);
    }
}

/// <summary>Reads a queue, and takes what it reads out of it.</summary>
public sealed class BrokerListener : IAsyncDisposable
{
    readonly IConnection connection;
    readonly ConcurrentQueue<Came> came = new();
    int taken;

    BrokerListener(IConnection connection) => this.connection = connection;

    public static async Task<BrokerListener> Of(IConnection connection, IChannel channel, string queue)
    {
        var listener = new BrokerListener(connection);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, e) =>
        {
            var text = Encoding.UTF8.GetString(e.Body.Span);
            listener.came.Enqueue(new(e.RoutingKey, new BasicProperties(e.BasicProperties), text, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default));
            await channel.BasicAckAsync(e.DeliveryTag, false);
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        return listener;
    }

    public IReadOnlyList<Came> All => [.. came];

    /// <summary>The next one that came.</summary>
    public async Task<Came> Next()
    {
        await BrokerHost.Until(() => Task.FromResult(came.Count > taken), "a message came");
        return came.ElementAt(taken++);
    }

    public async Task Until(Func<IReadOnlyList<Came>, bool> condition, string what) => await BrokerHost.Until(() => Task.FromResult(condition(All)), what);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception e) when (e is RabbitMQ.Client.Exceptions.AlreadyClosedException or IOException)
        {
            // The broker was killed.
        }
    }
}
