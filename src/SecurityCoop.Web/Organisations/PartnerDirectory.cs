using System.Collections.Immutable;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Organisations;

/// <summary>
/// The organisations that stewards made partners, by code, with their names of now. Every check of a code looks here, so it is kept in memory
/// on each host and follows the log. Codes are never taken back; a process serves one register.
/// </summary>
public sealed partial class PartnerDirectory(RegisterStore store, ILogger<PartnerDirectory> log) : BackgroundService
{
    static readonly TimeSpan gathering = TimeSpan.FromSeconds(1), patience = TimeSpan.FromMinutes(1), away = TimeSpan.FromSeconds(5);
    static ImmutableSortedDictionary<string, Label> given = ImmutableSortedDictionary.Create<string, Label>(StringComparer.Ordinal);

    readonly SemaphoreSlim one = new(1);
    readonly Dictionary<string, string> streams = new(StringComparer.Ordinal); // Of each code the organisation. Guarded by `one`.
    long through = -1; // The position up to which all are there; -1: nothing yet. Written under `one`.

    /// <summary>What each of them is called.</summary>
    public static IReadOnlyDictionary<string, Label> Given => Volatile.Read(ref given);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Try(Refresh, cancellationToken); // Before the first request is taken.
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            if (!await Try(Follow, stoppingToken))
                await Task.Delay(away, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async Task Follow(CancellationToken stop)
    {
        await Refresh(stop);
        await store.HeadBeyond(Volatile.Read(ref through), patience, stop);
        await Task.Delay(gathering, stop); // The host that gives a code knows it at once; this is for the others.
    }

    /// <summary>Reads on to the end of the log.</summary>
    public async Task Refresh(CancellationToken stop = default)
    {
        await one.WaitAsync(stop);
        try
        {
            var head = (await store.Head(stop)).Size;
            if (head <= through) return;
            if (through < 0)
            {
                await foreach (var row in store.Rows(RecordKinds.Organisation, stop: stop))
                    if (row.Value is Organisation { PartnerCode: { } code }) streams[code] = row.Key;
            }
            else
            {
                var since = new EventFilter { After = through, Through = head, Type = "organisation_partner_code_given" };
                await foreach (var e in store.ReadAll(since, stop)) streams[((OrganisationPartnerCodeGiven)e.Event).Code] = e.Stream;
            }
            foreach (var (code, stream) in streams)
            {
                var label = await Label(code, stream, stop);
                ImmutableInterlocked.Update(ref given, (all, named) => all.SetItem(named.Code, named.Label), (Code: code, Label: label));
            }
            Volatile.Write(ref through, head);
        }
        finally
        {
            one.Release();
        }
    }

    async Task<bool> Try(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or StoreAway or DocumentsOutdated or UnknownEventType)
        {
            Log.Failed(log, e);
            return false;
        }
    }

    // Everybody is shown a partner's name, so it is taken from what everybody may see.
    async Task<Label> Label(string code, string stream, CancellationToken stop)
    {
        var organisation = await Read(stream, stop);
        while (organisation.MergedInto is { } into) organisation = await Read(into, stop);
        if (organisation is not { Marking: Marking.Open, Withdrawn: false, Details.Names: { } names }) return new(code, code, code);
        return new(In("fr", "en"), In("en", "fr"), In("ar", "en"));

        string In(string language, string other) => names.GetValueOrDefault(language) ?? names.GetValueOrDefault(other) ?? names.Values.First();
    }

    async Task<Organisation> Read(string stream, CancellationToken stop) =>
        (Organisation)(await store.Row(RecordKinds.Organisation, stream, stop)).Value!;

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The partners that stewards named cannot be read; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure);
    }
}
