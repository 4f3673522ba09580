using System.Collections.Concurrent;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Exchange;

/// <summary>An import that is being recorded, or was a short while ago.</summary>
/// <param name="Subject">Who sent it; nobody else sees it.</param>
sealed record RunningImport(Guid Id, string Subject, RecordFile File, RecordImport Import)
{
    /// <summary>So many rows are on record.</summary>
    public int Done => Import.References.Count;

    /// <summary>The rows' faults that were found before anything was recorded; null: it is still being looked at.</summary>
    public IReadOnlyList<RowFault>? Faults { get; set; }

    /// <summary>Why it ended before its end, empty where there are no words for it; null: it did not.</summary>
    public string? Fault { get; set; }

    /// <summary>What is being done; it ends with everything recorded, or refused.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>When it ended; null: not yet.</summary>
    public DateTimeOffset? Ended { get; set; }
}

/// <summary>
/// Records lists apart from the requests that bring them: a browser that is closed meanwhile stops nothing. A host that stops finishes the rows that it has begun and
/// begins no other; sent again, the rest is recorded, and what is on record stays once.
/// </summary>
sealed class Imports(IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Imports> logger) : IHostedService
{
    static readonly TimeSpan kept = TimeSpan.FromHours(1);

    readonly ConcurrentDictionary<Guid, RunningImport> all = [];

    /// <summary>The import of this name, if this subject sent it to this host; null: it is not known here, or no longer.</summary>
    public RunningImport? Find(Guid id, string subject) => all.GetValueOrDefault(id) is { } import && import.Subject == subject ? import : null;

    /// <summary>Begins to try and to record a list on behalf of whoever sent it.</summary>
    public RunningImport Begin(HttpContext http, Language language, RecordFile file)
    {
        foreach (var (id, old) in all)
            if (old.Ended < time.GetUtcNow() - kept) all.TryRemove(id, out _);
        var scope = scopes.CreateAsyncScope();
        // The request ends before its rows do; they are given by the same caller.
        var apart = new DefaultHttpContext { User = http.User, RequestServices = scope.ServiceProvider };
        var client = new HttpClient(new CommandsHere(apart, language)) { BaseAddress = new("http://here/") };
        var running = new RunningImport(Guid.CreateVersion7(), http.GetCaller().Subject, file, new(client, language, null));
        all[running.Id] = running;
        running.Work = Task.Run(() => Run(running, client, scope));
        return running;
    }

    async Task Run(RunningImport running, HttpClient client, AsyncServiceScope scope)
    {
        try
        {
            var faults = await running.Import.Check(running.File, lifetime.ApplicationStopping);
            running.Faults = faults;
            // With one fault in the file nothing is recorded.
            if (faults.Count == 0) await running.Import.Record(running.File, lifetime.ApplicationStopping);
        }
        catch (StartRefused refused)
        {
            running.Fault = refused.Message;
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            running.Fault = ""; // The rows that were recorded are on record.
        }
        catch (Exception failure)
        {
            Log.Failed(logger, failure);
            running.Fault = "";
        }
        finally
        {
            running.Ended = time.GetUtcNow();
            client.Dispose();
            await scope.DisposeAsync();
        }
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.WhenAll(all.Values.Select(i => i.Work)).WaitAsync(cancellationToken);
}

static partial class Log
{
    [LoggerMessage(LogLevel.Error, "An import ended before its end.")]
    internal static partial void Failed(ILogger logger, Exception failure);
}
