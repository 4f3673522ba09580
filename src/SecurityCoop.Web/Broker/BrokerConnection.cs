using JasperFx.CodeGeneration;
using RabbitMQ.Client;
using SecurityCoop.Web.Outgoing;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.RabbitMQ;
using Wolverine.RabbitMQ.Internal;
using Wolverine.Runtime;
using Wolverine.Runtime.Handlers;
using Wolverine.Transports.Sending;

namespace SecurityCoop.Web.Broker;

/// <summary>The broker is not connected, now or yet.</summary>
sealed class BrokerAway() : Exception("The broker is not connected.");

/// <summary>
/// Wolverine upon the broker: a Wolverine of its own within the host, begun once the broker answers. That of the host would not start
/// without the broker, and the register serves without it (ADR 59).
/// </summary>
/// <param name="commands">What takes commands; null: none are taken.</param>
sealed partial class BrokerConnection(
    BrokerSettings settings, QueuedCommands? commands, IHostApplicationLifetime life, ILoggerFactory logs, ILogger<BrokerConnection> log)
    : BackgroundService
{
    // Longer than a broker needs to have a message on its disks, and than one that is short of memory holds publishers back for a moment.
    static readonly TimeSpan confirmation = TimeSpan.FromSeconds(20);
    static readonly Backoff backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
    static readonly TimeSpan graceAtStop = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim one = new(1); // Confirmations come in order, one by one.
    volatile IReadOnlyDictionary<string, ISender>? senders;

    /// <summary>Sends a message, and returns once the broker has confirmed that it keeps it.</summary>
    /// <param name="exchange">"": the key names a queue.</param>
    /// <exception cref="BrokerAway">It is not connected.</exception>
    public async Task Send(string exchange, string key, BrokerMessage message, CancellationToken stop)
    {
        var sender = (senders ?? throw new BrokerAway())[exchange];
        await one.WaitAsync(stop);
        try
        {
            // The key stands where Wolverine has the name of a topic. With tracking of confirmations it returns with the broker's.
            var envelope = new Envelope { Id = Guid.CreateVersion7(), Message = message, Data = message.Body, TopicName = key };
            await sender.SendAsync(envelope).AsTask().WaitAsync(confirmation, stop);
        }
        finally
        {
            one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var telling = life.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Answers(stoppingToken);
                await Work(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Away(log, settings.Address.Host, failure.GetType().Name, attempt);
            }
            await Task.Delay(backoff.After(attempt), stoppingToken);
        }
    }

    // Wolverine would try twenty times, and could not be stopped meanwhile.
    async Task Answers(CancellationToken stop)
    {
        await using var connection = await new ConnectionFactory { Uri = settings.Address, ClientProvidedName = "SecurityCoop" }
            .CreateConnectionAsync(stop);
        await connection.CloseAsync(stop);
    }

    // Until the host stops. Once begun, Wolverine connects again by itself.
    async Task Work(CancellationToken stop)
    {
        var host = Build();
        try
        {
            await host.StartAsync(stop).WaitAsync(stop);
            var runtime = host.Services.GetRequiredService<IWolverineRuntime>();
            senders = runtime.Endpoints.ActiveSendingAgents().OfType<InlineSendingAgent>().Where(a => a.Endpoint is RabbitMqExchange)
                .ToDictionary(a => ((RabbitMqExchange)a.Endpoint).Name, a => a.Sender, StringComparer.Ordinal);
            Log.Connected(log, settings.Address.Host);
            await Task.Delay(Timeout.Infinite, stop);
        }
        finally
        {
            senders = null;
            await End(host);
        }
    }

    async Task End(IHost host)
    {
        using var grace = new CancellationTokenSource(graceAtStop);
        try
        {
            await host.StopAsync(grace.Token).WaitAsync(grace.Token);
            if (host is IAsyncDisposable disposable) await disposable.DisposeAsync().AsTask().WaitAsync(grace.Token);
        }
        catch (Exception failure)
        {
            // What was on its way stands at the broker as not acknowledged, and comes again.
            Log.NotEnded(log, failure.GetType().Name);
        }
    }

    IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(logs);
        builder.Services.AddWolverine(ExtensionDiscovery.ManualOnly, options =>
        {
            options.ServiceName = "securitycoop-broker";
            options.ApplicationAssembly = typeof(BrokerConnection).Assembly;
            options.Discovery.DisableConventionalDiscovery();
            options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
            // It keeps nothing: what has left is the follower's progress, and what came stands at the broker until it is decided.
            options.Durability.Mode = DurabilityMode.Solo;
            options.Durability.DrainTimeout = graceAtStop;
            var transport = options.UseRabbitMq(factory =>
                {
                    factory.Uri = settings.Address;
                    factory.ClientProvidedName = "SecurityCoop";
                })
                .DisableDeadLetterQueueing().DisableSystemRequestReplyQueueDeclaration()
                .ConfigureChannelCreation(c => c.PublisherConfirmationsEnabled = c.PublisherConfirmationTrackingEnabled = true);
            if (settings.Declare) transport.AutoProvision();
            foreach (var exchange in (string[])[settings.Exchange, ""])
                options.PublishMessagesToRabbitMqExchange<BrokerMessage>(exchange, _ => "").SendInline().UseInterop(AsTheyAre.Mapper);
            if (commands is not { Queue: { } queue }) return;
            options.AddMessageHandler(new Handler(commands));
            transport.DeclareQueue(queue.DeadLetters);
            // One message at a time, of whichever host the broker has chosen: the order of the queue is the order of the decisions.
            options.ListenToRabbitQueue(queue.Name, q => q.Arguments["x-single-active-consumer"] = true)
                .PreFetchCount(1).ListenerCount(1).ProcessInline().UseInterop(AsTheyAre.Mapper);
        });
        return builder.Build();
    }

    sealed class Handler(QueuedCommands commands) : MessageHandler<BrokerMessage>
    {
        // What cannot be decided now is tried until it can be.
        static readonly TimeSpan longest = TimeSpan.FromDays(7);

        public override void ConfigureChain(HandlerChain chain)
        {
            chain.ExecutionTimeoutInSeconds = (int)longest.TotalSeconds;
            // Only the end of the host comes here. Wolverine would acknowledge the message; left alone it stays at the broker.
            chain.OnException<Exception>().CustomActionIndefinitely((_, _, _) => ValueTask.CompletedTask, "The message stays at the broker");
        }

        protected override Task HandleAsync(BrokerMessage message, MessageContext context, CancellationToken cancellation) =>
            commands.Take(message);
    }

    public override void Dispose()
    {
        base.Dispose();
        one.Dispose();
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The broker at {Host} cannot be used ({Failure}), attempt {Attempt}; it is tried again")]
        public static partial void Away(ILogger log, string host, string failure, int attempt);

        [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the broker at {Host}")]
        public static partial void Connected(ILogger log, string host);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to the broker was left as it was ({Failure})")]
        public static partial void NotEnded(ILogger log, string failure);
    }
}
