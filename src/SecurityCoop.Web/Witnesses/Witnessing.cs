using System.Globalization;
using System.Net;
using System.Text;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Ledger;

namespace SecurityCoop.Web.Witnesses;

/// <summary>Asks the configured witnesses, once a minute, to cosign the newest checkpoint (C2SP tlog-witness, as the log). Several hosts may ask: the answer is kept once.</summary>
public sealed partial class Witnessing(RegisterStore store, OutsideOptions options, ILogger<Witnessing> log) : BackgroundService
{
    static readonly TimeSpan every = TimeSpan.FromMinutes(1);
    static readonly HttpClient web = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) })
    {
        Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = 64 << 10,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Witnesses.Count > 0 && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Ask(stoppingToken);
            }
            catch (NpgsqlException away)
            {
                Log.DatabaseAway(log, away);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks every witness that has not cosigned the newest checkpoint yet. One that does not answer keeps the others from nothing.</summary>
    public async Task Ask(CancellationToken stop)
    {
        if (store.Broken is not null || await store.NewestCheckpoint(stop) is not { } newest) return;
        foreach (var witness in options.Witnesses)
        {
            try
            {
                await Ask(witness, newest, stop);
            }
            catch (Exception e) when (e is HttpRequestException or FormatException || e is OperationCanceledException && !stop.IsCancellationRequested)
            {
                Log.Failed(log, e, witness.Key.Name);
            }
        }
    }

    async Task Ask(ForeignWitness witness, SignedCheckpoint newest, CancellationToken stop)
    {
        var checkpoint = newest.Checkpoint;
        var note = Note.Parse(newest.Note);
        var old = await store.NewestCosigned(checkpoint.Origin, witness.Key, stop);
        if (old == checkpoint.Size && old > 0) return;
        for (var asked = 1; ; asked++)
        {
            var request = new AddCheckpoint(old, await store.ConsistencyProof(old, checkpoint.Size, stop), note);
            using var body = new ByteArrayContent(request.ToBytes());
            using var answer = await web.PostAsync(new Uri($"{witness.Url.AbsoluteUri.TrimEnd('/')}/add-checkpoint"), body, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                if (Cosignature.Of(witness.Key, note.Text, text) is { } line) await store.AddCosignature(checkpoint, witness.Key, line, stop);
                else Log.Refused(log, witness.Key.Name, 200, "it signed with another key");
                return;
            }
            // The proof is right for what is held here: then the witness has cosigned another tree, of this size or a smaller one.
            if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
            {
                Log.Contradicted(log, witness.Key.Name, old, checkpoint.Size);
                return;
            }
            if (answer.StatusCode == HttpStatusCode.Conflict && long.TryParse(text.TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                // It remembers more than this database holds, or the same number of other events.
                if (size > checkpoint.Size || size == old)
                {
                    Log.Contradicted(log, witness.Key.Name, size, checkpoint.Size);
                    return;
                }
                if (asked == 1)
                {
                    old = size;
                    continue;
                }
            }
            Log.Refused(log, witness.Key.Name, (int)answer.StatusCode, text.Length > 200 ? text[..200] : text.TrimEnd());
            return;
        }
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "WITNESS {Witness} HAS COSIGNED {Size} EVENTS OF THIS LOG, which do not agree with the {Ours} that it holds now: an older database was restored, or history was changed")]
        public static partial void Contradicted(ILogger log, string witness, long size, long ours);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Witness {Witness} does not cosign ({Status}): {Why}")]
        public static partial void Refused(ILogger log, string witness, int status, string why);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Witness {Witness} cannot be asked; it is asked again")]
        public static partial void Failed(ILogger log, Exception failure, string witness);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database is away; witnesses are asked later")]
        public static partial void DatabaseAway(ILogger log, Exception away);
    }
}
