using RabbitMQ.Client;
using SecurityCoop.Store;
using SecurityCoop.Web.Outgoing;

namespace SecurityCoop.Web.Broker;

/// <summary>
/// Sends every event to the broker's exchange, in the order of the log, each at least once: as a CloudEvent in structured mode (AMQP protocol
/// binding, section 3.2), the next one when the broker has confirmed the last.
/// </summary>
sealed class BrokerEvents
{
    /// <summary>Its name among those who follow the log.</summary>
    public const string Follower = "broker-events";

    /// <summary>In place of a partner, for what concerns none or may not be told of.</summary>
    public const string NoPartner = "_";

    readonly BrokerSettings settings;
    readonly BrokerConnection broker;
    readonly EventEnvelopes envelopes;
    readonly EventSender sender;

    public BrokerEvents(RegisterStore store, BrokerSettings settings, BrokerConnection broker, TimeProvider time, ILogger<BrokerEvents> log)
    {
        (this.settings, this.broker) = (settings, broker);
        envelopes = new(store, Follower, settings.Marking);
        sender = new(store, time, log, Send);
    }

    /// <summary>Sends the events of a page.</summary>
    public Task Follow(FollowedPage page, CancellationToken stop) => sender.Follow(page, stop);

    async Task Send(StoredEvent e, CancellationToken stop)
    {
        var outgoing = await envelopes.Of(e, stop);
        string[] keys = outgoing.Partners.Count == 0 ? [Key(NoPartner)] : [.. outgoing.Partners.Select(Key)];
        var properties = new BasicProperties
        {
            MessageId = outgoing.Id, ContentType = EventEnvelopes.MediaType, ContentEncoding = "utf-8", AppId = "securitycoop",
            // Routed by each key, and to each queue once (sender-selected distribution).
            Headers = keys.Length == 1 ? null : new Dictionary<string, object?> { ["CC"] = keys[1..].ToList<object>() },
        };
        await broker.Send(settings.Exchange, keys[0], new(properties, outgoing.Json), stop);

        string Key(string partner) => $"{partner}.{outgoing.Type}";
    }
}
