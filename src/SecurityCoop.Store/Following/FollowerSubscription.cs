using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;

namespace SecurityCoop.Store;

/// <summary>A follower did not answer in time.</summary>
public sealed class FollowerTimedOut(Exception inner) : Exception("The follower was cancelled without being stopped.", inner);

/// <summary>A follower as Marten's daemon has it.</summary>
internal sealed class FollowerSubscription : SubscriptionBase
{
    private readonly LogFollower follower;

    public FollowerSubscription(LogFollower follower)
    {
        this.follower = follower;
        Name = follower.Name;
        Options.BatchSize = follower.Page;
        // One page on its way, and no other loaded behind it: when a host stops, the daemon first handles all that it has loaded.
        Options.MaximumHopperSize = 1;
    }

    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, follower.Stopping);
        try
        {
            stop.Token.ThrowIfCancellationRequested();
            var followed = new FollowedPage(page.SequenceFloor, page.SequenceCeiling);
            await follower.Handle(followed, stop.Token);
            ((ITransactionParticipantRegistrar)operations).AddTransactionParticipant(followed.Work);
            follower.Failure = null;
            return NullChangeListener.Instance;
        }
        catch (OperationCanceledException cancelled) when (!stop.IsCancellationRequested)
        {
            // Marten takes every cancellation for a stop: it would neither pause nor try again, but go on with the next page.
            follower.Failure = nameof(TimeoutException);
            throw new FollowerTimedOut(cancelled);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            follower.Failure = failure.GetType().Name;
            throw;
        }
    }
}
