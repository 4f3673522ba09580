using SecurityCoop.Store;
using SecurityCoop.Web.Broker;
using SecurityCoop.Web.Outgoing;
using SecurityCoop.Web.Reporting;
using SecurityCoop.Web.Search;

namespace SecurityCoop.Web;

/// <summary>What of this program follows the log once for all hosts.</summary>
static class LogFollowers
{
    // Nothing but the last position of a page is looked at.
    public const int NotedAtOnce = 1000;

    /// <summary>Those that the configuration asks for.</summary>
    public static IReadOnlyList<LogFollower> Of(IConfiguration configuration)
    {
        List<LogFollower> followers = [new(WordIndex.Follower, WordIndex.Page)];
        if (ReportKeeper.Every(configuration) > TimeSpan.Zero) followers.Add(new(ReportKeeper.Follower, NotedAtOnce));
        // One by one: after a crash only the event that was on its way is sent twice.
        if (CloudEventsSettings.Of(configuration) is not null) followers.Add(new(CloudEvents.Follower, 1));
        if (BrokerSettings.Of(configuration) is not null) followers.Add(new(BrokerEvents.Follower, 1));
        return followers;
    }

    /// <summary>Gives each its work.</summary>
    public static void Connect(RegisterStore store, IServiceProvider services)
    {
        foreach (var follower in store.Followers)
            switch (follower.Name)
            {
                case WordIndex.Follower:
                    var index = services.GetRequiredService<WordIndex>();
                    (follower.Prepare, follower.Handle) = (index.Begin, index.Follow);
                    break;
                case ReportKeeper.Follower:
                    follower.Handle = services.GetRequiredService<ReportKeeper>().Follow;
                    break;
                case CloudEvents.Follower:
                    follower.Handle = services.GetRequiredService<CloudEvents>().Follow;
                    break;
                case BrokerEvents.Follower:
                    follower.Handle = services.GetRequiredService<BrokerEvents>().Follow;
                    break;
                default:
                    throw new InvalidOperationException($"Nobody handles what {follower.Name} follows.");
            }
    }
}
