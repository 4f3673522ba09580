using RabbitMQ.Client;
using Wolverine;
using Wolverine.RabbitMQ.Internal;

namespace SecurityCoop.Web.Broker;

/// <summary>A message as it stands at the broker.</summary>
sealed record BrokerMessage(BasicProperties Properties, byte[] Body)
{
    /// <summary>A header that is a text; null where there is none.</summary>
    public string? Header(string name) => Properties.Headers?.TryGetValue(name, out var value) is true
        ? value is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : value as string : null;

    /// <summary>Nothing of its content: Wolverine writes it into its logs.</summary>
    public override string ToString() => $"message {Properties.MessageId}";
}

/// <summary>
/// Hands messages on as they are, in both directions: what they mean is the register's to say, and nobody who sends one has to know
/// Wolverine.
/// </summary>
sealed class AsTheyAre : IRabbitMqEnvelopeMapper
{
    public static readonly AsTheyAre Mapper = new();

    public void MapIncomingToEnvelope(Envelope envelope, IReadOnlyBasicProperties incoming)
    {
        // Wolverine's own id; that of the message may be any text.
        envelope.Id = Guid.CreateVersion7();
        envelope.Message = new BrokerMessage(new(incoming), envelope.Data ?? []);
    }

    public void MapEnvelopeToOutgoing(Envelope envelope, IBasicProperties outgoing)
    {
        var given = ((BrokerMessage)envelope.Message!).Properties;
        outgoing.Persistent = true;
        outgoing.MessageId = given.MessageId;
        outgoing.CorrelationId = given.CorrelationId;
        outgoing.ContentType = given.ContentType;
        outgoing.ContentEncoding = given.ContentEncoding;
        outgoing.ReplyTo = given.ReplyTo;
        outgoing.AppId = given.AppId;
        outgoing.Headers = given.Headers;
    }
}
