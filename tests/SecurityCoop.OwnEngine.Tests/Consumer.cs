using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SecurityCoop.OwnEngine.Tests;

/// <summary>A consumer in this process, which notes what it is given; stopped when disposed.</summary>
internal sealed class Consumer : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public Consumer(EventStore store, string name, SubscriptionOptions options, Func<Delivery, CancellationToken, Task>? handle = null, ILogger? log = null)
    {
        var subscription = new Subscription(store, name, async (delivery, stop) =>
        {
            if (handle is not null) await handle(delivery, stop);
            Handled.Enqueue(delivery);
        }, log ?? NullLogger.Instance, options);
        running = subscription.Run(stop.Token);
    }

    public ConcurrentQueue<Delivery> Handled { get; } = new();
    public IEnumerable<long> Positions => Handled.Select(d => d.Event.Position);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
    }
}

/// <summary>The same in a process of its own, which can be killed or stopped.</summary>
internal sealed class ConsumerProcess : IDisposable
{
    public const string Argument = "--subscribe-worker";

    private readonly Process process;
    private readonly Task reading;

    /// <param name="blockAt">Having handled this position it never comes back; 0: it always does.</param>
    public ConsumerProcess(TestDatabase database, string name, SubscriptionOptions options, long blockAt = 0)
    {
        string[] numbers = [.. new[] { options.From, (long)options.Lease.TotalMilliseconds, blockAt }.Select(n => n.ToString(CultureInfo.InvariantCulture))];
        process = Process.Start(Program.Again([Argument, database.AppConnection, database.KeyFolder, name, .. numbers], start => { start.RedirectStandardOutput = true; start.RedirectStandardInput = true; }))!;
        reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
                if (line.Split(' ') is [var position, var fence])
                    Handled.Enqueue((long.Parse(position, CultureInfo.InvariantCulture), long.Parse(fence, CultureInfo.InvariantCulture)));
        });
    }

    public int Id => process.Id;
    public ConcurrentQueue<(long Position, long Fence)> Handled { get; } = new();

    /// <summary>Lets it end by itself, or kills it; afterwards all that it said is there.</summary>
    public async Task End(bool kill = false)
    {
        if (kill) process.Kill();
        else process.StandardInput.Close();
        await process.WaitForExitAsync();
        await reading;
        if (!kill) process.ExitCode.ShouldBe(0);
    }

    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        kill.ExitCode.ShouldBe(0);
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    /// <summary>The process itself: it prints position and fence of each event as it handles it, and ends with its input.</summary>
    public static async Task<int> Run(string[] args)
    {
        await using var store = await EventStore.Open(args[0], Sample.Types, Sample.NewViews(), args[1]);
        long[] numbers = [.. args[3..].Select(a => long.Parse(a, CultureInfo.InvariantCulture))];
        var options = new SubscriptionOptions { From = numbers[0], Lease = TimeSpan.FromMilliseconds(numbers[1]) };
        using var stop = new CancellationTokenSource();
        var running = new Subscription(store, args[2], async (delivery, lost) =>
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{delivery.Event.Position} {delivery.Fence}"));
            await Task.Delay(delivery.Event.Position == numbers[2] ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(5), lost);
        }, NullLogger.Instance, options).Run(stop.Token);
        await Console.In.ReadToEndAsync();
        await stop.CancelAsync();
        await running;
        return 0;
    }
}

/// <summary>What was logged, as text.</summary>
internal sealed class KeptLog : ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel level) => true;

    public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format) => Lines.Enqueue(format(state, exception));
}

internal static class Eventually
{
    /// <summary>Waits until something holds, a minute at most.</summary>
    public static async Task Holds(Func<bool> what) => await Holds(() => Task.FromResult(what()));

    public static async Task Holds(Func<Task<bool>> what)
    {
        for (var begun = Stopwatch.GetTimestamp(); !await what(); await Task.Delay(20))
            if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromMinutes(1)) throw new TimeoutException("It did not come to hold within a minute.");
    }
}
