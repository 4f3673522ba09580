using JasperFx.Core;
using SecurityCoop.Store;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Outgoing;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Runtime;
using Wolverine.Runtime.Handlers;

namespace SecurityCoop.Web.Hosting;

/// <summary>A day has begun of which others are to be reminded, or a host has started that may have slept through some.</summary>
public sealed record RemindersDue(DateTimeOffset At);

/// <summary>Asks for the reminders of a day: by a schedule that Wolverine keeps, once for all hosts, and at the start of each.</summary>
static class ReminderSchedule
{
    const string Name = "reminders";

    // Not midnight itself: the clock that starts it and the one that says which day it is may differ.
    const string AMinutePastMidnight = "1 0 * * *";

    public static void AddTo(WolverineOptions options, TimeZoneInfo zone)
    {
        options.AddMessageHandler(new RemindersHandler());
        options.PublishMessage<RemindersDue>().ToLocalQueue(Name).UseDurableInbox();
        options.Schedules.ScheduleRecurring(Name, AMinutePastMidnight, at => new RemindersDue(at), zone);
        options.Services.AddHostedService<AtStart>();
    }

    // A schedule does not make up for what it missed. The handler does, once it is asked.
    sealed class AtStart(IHostApplicationLifetime life, IWolverineRuntime runtime, TimeProvider time) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var telling = life.ApplicationStarted.Register(() => started.TrySetResult());
            await started.Task.WaitAsync(stoppingToken);
            await new MessageBus(runtime).PublishAsync(new RemindersDue(time.GetUtcNow()));
        }
    }
}

/// <summary>Sends the reminders of every day that none were sent of yet.</summary>
sealed class RemindersHandler : MessageHandler<RemindersDue>
{
    // A month of reminders to an address that answers slowly.
    static readonly TimeSpan longest = TimeSpan.FromHours(6);

    public override void ConfigureChain(HandlerChain chain)
    {
        chain.ExecutionTimeoutInSeconds = (int)longest.TotalSeconds;
        chain.OnException<Exception>().ScheduleRetryIndefinitely(1.Seconds(), 5.Seconds(), 30.Seconds(), 1.Minutes());
    }

    protected override async Task HandleAsync(RemindersDue message, MessageContext context, CancellationToken cancellation)
    {
        var services = context.Runtime.Services;
        var (store, outgoing) = (services.GetRequiredService<RegisterStore>(), services.GetRequiredService<CloudEvents>());
        var today = services.GetRequiredService<RegisterClock>().Today;
        if (!await store.EachDay("reminders", today, outgoing.Remind, cancellation))
            throw new TimeoutException("Another host is at the reminders."); // If it ends before it is done, this one goes on.
    }
}
