using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Ledger;
using SecurityCoop.Verify;

namespace SecurityCoop.Web.Witnesses;

/// <summary>Has the newest checkpoint stamped with the time once a day (RFC 3161). The stamp is over the checkpoint's text, and is verified before it is kept.</summary>
public sealed partial class TimeStamping(RegisterStore store, OutsideOptions options, ILogger<TimeStamping> log) : BackgroundService
{
    static readonly TimeSpan day = TimeSpan.FromDays(1), betweenLooks = TimeSpan.FromMinutes(10);
    static readonly HttpClient web = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30), MaxResponseContentBufferSize = 256 << 10 };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.TimeStamps is not null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Stamp(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (
                e is NpgsqlException or HttpRequestException or CryptographicException or HistoryFault or OperationCanceledException)
            {
                Log.Failed(log, e);
            }
            await Task.Delay(betweenLooks, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Has the newest checkpoint stamped, where the last stamp is a day old and events have come since.</summary>
    /// <returns>Whether one was stamped.</returns>
    /// <exception cref="HistoryFault">The stamp is not in the form (DER) that a bundle takes.</exception>
    /// <exception cref="CryptographicException">What the authority answered is not a stamp of this checkpoint by whom it was expected from.</exception>
    public async Task<bool> Stamp(CancellationToken stop)
    {
        if (store.Broken is not null || options.TimeStamps is not { } authority || await store.NewestCheckpoint(stop) is not { Checkpoint: var checkpoint }) return false;
        var last = (await store.TimeStamps(checkpoint.Origin, long.MaxValue, 1, stop)).FirstOrDefault();
        if (last is not null && (last.Size == checkpoint.Size || DateTime.UtcNow - last.StampedAt < day)) return false;
        var text = Encoding.UTF8.GetBytes(checkpoint.Text);
        var request = Rfc3161TimestampRequest.CreateFromData(text, HashAlgorithmName.SHA256, requestSignerCertificates: true, nonce: RandomNumberGenerator.GetBytes(16));
        using var body = new ByteArrayContent(request.Encode());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query"); // RFC 3161, section 3.4
        using var answer = await web.PostAsync(authority.Url, body, stop);
        answer.EnsureSuccessStatusCode();
        // Also compares the nonce and what was hashed with what was asked.
        var token = request.ProcessResponse(await answer.Content.ReadAsByteArrayAsync(stop), out _);
        var at = new TimeStamps(authority.Certificates).Verify(token, text);
        var encoded = token.AsSignedCms().Encode();
        TimeStampToken.TimeOf(encoded, text); // The bundle's verifiers read it in this form.
        await store.AddTimeStamp(checkpoint, encoded, at.UtcDateTime, stop);
        return true;
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The checkpoint could not be stamped with the time; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure);
    }
}
