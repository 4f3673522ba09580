using System.Globalization;
using System.Text;
using SecurityCoop.Store;
using SecurityCoop.Ledger;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Witnesses;

/// <summary>This register as a witness of other logs (C2SP tlog-witness). Who may ask is decided by the signature on what is asked, not by a sign-in.</summary>
public static partial class WitnessEndpoint
{
    const int MostBytes = 64 << 10, Attempts = 3;

    /// <summary>Nothing is served where no log is to be witnessed.</summary>
    public static void MapWitness(this IEndpointRouteBuilder app, OutsideOptions options, RegisterStore store)
    {
        if (options.Name is not { } name) return;
        var key = store.WitnessKey(name);
        app.MapPost("/add-checkpoint", (HttpContext http, TimeProvider time, ILoggerFactory logs) => Add(http, options.Logs, key, store, time, logs.CreateLogger("SecurityCoop.Web.Witnesses")))
            .Public("A log that is witnessed signs what it sends.").ExcludeFromDescription();
        app.MapGet("/witness-key", () => Results.Text($"{key.Public}\n")).Public("The public key of this witness.").ExcludeFromDescription();
    }

    static async Task<IResult> Add(HttpContext http, IReadOnlyList<VerifierKey> logs, SigningKey key, RegisterStore store, TimeProvider time, ILogger log)
    {
        var stop = http.RequestAborted;
        // Its memory of other logs stands in the database that is in doubt.
        if (store.Broken is not null) return Results.Text("This witness's own history is in doubt; it cosigns nothing.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        try
        {
            var request = AddCheckpoint.Parse(await Body(http, stop));
            for (var attempt = 1; ; attempt++)
            {
                var (answer, seen, before) = await Witness.Consider(request, logs, origin => store.Witnessed(origin, stop));
                switch (answer)
                {
                    case WitnessAnswer.Malformed: return Refused(400, "The old size is larger than the checkpoint's.");
                    case WitnessAnswer.UnknownOrigin: return Refused(404, "This log is not witnessed here.");
                    case WitnessAnswer.NotSigned: return Refused(403, "No known key of this log signed the checkpoint.");
                    case WitnessAnswer.Inconsistent: return Refused(422, "The proof does not show that the checkpoint continues the one that was cosigned last.");
                    case WitnessAnswer.OtherRoot:
                        Log.TwoHistories(log, seen.Origin, seen.Size, Encoding.UTF8.GetString(request.Note.ToBytes()));
                        return Refused(422, "A checkpoint of this size with another root was cosigned before.");
                    case WitnessAnswer.OtherSize: return OtherSize(before);
                    case WitnessAnswer.Cosign: break;
                }
                // Only the one that finds the state as it was compared with may cosign; the others look again.
                if (await store.SaveWitnessed(seen, request.Note.ToBytes(), before, stop)) return Results.Text($"{key.Cosign(Encoding.UTF8.GetBytes(request.Note.Text), time.GetUtcNow())}\n");
                if (attempt == Attempts) return OtherSize(await store.Witnessed(seen.Origin, stop));
            }
        }
        catch (FormatException e)
        {
            return Refused(400, e.Message);
        }
    }

    static async Task<byte[]> Body(HttpContext http, CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[8 << 10];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, stop)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MostBytes) throw new FormatException("The body is larger than 64 KiB.");
        }
        return bytes.ToArray();
    }

    static IResult Refused(int status, string why) => Results.Text($"{why}\n", statusCode: status);

    static IResult OtherSize(Checkpoint? latest) =>
        Results.Text(string.Create(CultureInfo.InvariantCulture, $"{latest?.Size ?? 0}\n"), "text/x.tlog.size", statusCode: StatusCodes.Status409Conflict);

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "{Origin} HAS TWO HISTORIES: another checkpoint of {Size} events was cosigned before. This one, signed by that log, is the proof:\n{Note}")]
        public static partial void TwoHistories(ILogger log, string origin, long size, string note);
    }
}
