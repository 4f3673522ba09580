using System.CommandLine;
using System.Runtime.InteropServices;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Register.People;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Exchange;

/// <summary>What `securitycoop import-records` is asked for.</summary>
/// <param name="File">What is to be read.</param>
/// <param name="Language">Of what is said of it.</param>
sealed record ImportRequest(string File, Language Language)
{
    /// <summary>Whether nothing is to be recorded.</summary>
    public bool DryRun { get; init; }
    /// <summary>A file for the references of what was recorded; null for none.</summary>
    public string? References { get; init; }
    /// <summary>How the file is to be read.</summary>
    public RecordFileOptions Options { get; init; } = new();
}

/// <summary>`securitycoop export FILE [--with-keys]` and `securitycoop import FILE`: a whole register as a file, byte for byte the same history.</summary>
static class ExchangeConsole
{
    const string StandardOutput = "-";

    public static Command Export(Option<string> data)
    {
        var file = new Argument<string>("file") { Description = "Where the history is written; - for the standard output." };
        var withKeys = new Option<bool>("--with-keys") { Description = "Write the keys too, into FILE.keys: whoever has both can read everything and sign." };
        var command = new Command("export", "Writes the whole register as JSON Lines.") { file, withKeys };
        command.SetAction(async (parsed, stop) =>
        {
            await using var database = await Program.Migrated(parsed.GetValue(data)!, stop);
            await using var store = await Setup.OpenStore(database.Application, parsed.GetValue(data)!, stop);
            await store.TookOut(parsed.GetValue(withKeys) ? "securitycoop export --with-keys" : "securitycoop export", Marking.Secret, stop);
            return await Write(store, parsed.GetValue(file)!, parsed.GetValue(withKeys), stop);
        });
        return command;
    }

    public static Command Import(Option<string> data)
    {
        var file = new Argument<string>("file") { Description = "What export wrote. FILE.keys beside it, where it is there, is taken too." };
        var batch = new Option<int>("--batch") { Description = "Events written in one transaction.", DefaultValueFactory = _ => 500 };
        batch.Validators.Add(result => { if (result.GetValueOrDefault<int>() is < 1 or > 10_000) result.AddError("--batch is 1 to 10000."); });
        var command = new Command("import", "Brings an exported register into an empty one; interrupted, it goes on when it is started again.") { file, batch };
        command.SetAction(async (parsed, stop) =>
        {
            await using var database = await Program.Migrated(parsed.GetValue(data)!, stop);
            return await Read(database.Owner, database.Application, parsed.GetValue(data)!, parsed.GetValue(file)!, parsed.GetValue(batch), stop);
        });
        return command;
    }

    public static Command ImportRecords(Option<string> data)
    {
        var file = new Argument<string>("file") { Description = "Past meetings and actions: a table (CSV) or JSON (docs/csv.md)." };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Show row by row what would be recorded, name every fault, and record nothing.",
        };
        var url = new Option<string>("--url") { Description = "Where the host serves.", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        var token = new Option<string?>("--token-file") { Description = "A file with the access token of whoever records; without it, `token` in the data folder." };
        var encoding = new Option<string?>("--encoding") { Description = "Of a table that is not UTF-8." };
        encoding.AcceptOnlyFromAmong([.. RecordFile.Encodings, "utf-8"]);
        var record = new Option<string?>("--record") { Description = "What the rows are, where no column says so." };
        record.AcceptOnlyFromAmong("meeting", "action");
        var ignore = new Option<bool>("--ignore-unknown-columns") { Description = "Pass over columns of which nothing is known." };
        var references = new Option<string?>("--references")
        {
            Description = "A file for the references of what was recorded, row by row (CSV).",
        };
        var command = new Command(
            "import-records", "Records past meetings and actions by the hundred, all or, where one row has a fault, none.")
        {
            file, dryRun, url, token, encoding, record, ignore, references,
        };
        command.SetAction(async (parsed, stop) =>
        {
            try
            {
                using var http = new HttpClient { BaseAddress = new(parsed.GetValue(url)!), Timeout = TimeSpan.FromMinutes(5) };
                var secret = (await File.ReadAllTextAsync(parsed.GetValue(token) ?? Path.Combine(parsed.GetValue(data)!, "token"), stop)).Trim();
                http.DefaultRequestHeaders.Authorization = new("Bearer", secret);
                var console = System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
                var language = Language.All.FirstOrDefault(l => l.Code == console) ?? Language.English;
                var named = parsed.GetValue(encoding) is { } name ? RecordFile.EncodingOf(name) : null;
                var asked = new ImportRequest(parsed.GetValue(file)!, language)
                {
                    DryRun = parsed.GetValue(dryRun), References = parsed.GetValue(references),
                    Options = new(named, parsed.GetValue(record), parsed.GetValue(ignore)),
                };
                return await Record(http, asked, Console.Out, stop);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or UriFormatException or NotSupportedException)
            {
                throw new StartRefused($"{parsed.GetValue(file)} cannot be imported: {e.Message}", e);
            }
        });
        return command;
    }

    /// <returns>0, or 1 where a row has a fault and nothing was recorded.</returns>
    internal static async Task<int> Record(HttpClient http, ImportRequest asked, TextWriter print, CancellationToken stop)
    {
        var (language, dryRun) = (asked.Language, asked.DryRun);
        http.DefaultRequestHeaders.AcceptLanguage.Clear();
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language.Code);
        RecordFile records;
        await using (var bytes = File.OpenRead(asked.File)) records = RecordFile.Read(bytes, language, asked.Options);
        var (progress, doing, one) = ((EventProgress?)null, "", new Lock());
        void Tell(string what, long done, long of)
        {
            lock (one)
            {
                if (what != doing)
                {
                    progress?.End();
                    (doing, progress) = (what, new(what, language.Say(ImportWords.Rows)));
                }
                progress!.Tell(done, of);
            }
        }
        try
        {
            var import = new RecordImport(http, language, Tell);
            var faults = await import.Check(records, stop);
            progress?.End();
            foreach (var fault in faults) await print.WriteLineAsync(fault.Say(language));
            if (faults.Count > 0)
            {
                await print.WriteLineAsync(language.Say(ImportWords.Faults, faults.Count, faults.Select(f => f.Row).Distinct().Count()));
                return 1;
            }
            // What the references will stand in is opened before anything is recorded.
            await using var references = dryRun || asked.References is null ? null : Draft(asked.References);
            if (dryRun) await Show(records, import, language, print);
            else await import.Record(records, stop);
            progress?.End();
            // A row that was recorded from this file before is like itself.
            foreach (var (row, like) in import.Resembling.Where(r => !r.Value.Contains(import.References.GetValueOrDefault(r.Key))).OrderBy(r => r.Key))
                await print.WriteLineAsync(language.Say(ImportWords.Like, row, string.Join(language.Comma, like)));
            await print.WriteLineAsync(language.Say(dryRun ? ImportWords.Tried : ImportWords.Done, records.Rows.Count));
            if (references is not null)
            {
                await WriteReferences(records, import, references, stop);
                await print.WriteLineAsync(language.Say(ImportWords.Written, asked.References!));
            }
            return 0;
        }
        finally
        {
            progress?.End();
        }
    }

    // Row by row what would be recorded, as it was understood.
    static async Task Show(RecordFile records, RecordImport import, Language language, TextWriter print)
    {
        if (records.Ignored.Count > 0)
            await print.WriteLineAsync(language.Say(ImportWords.Ignored, string.Join(language.Comma, records.Ignored)));
        var lines = records.Rows.Select(r => (r.Row, Said: import.References.TryGetValue(r.Row, out var there)
                ? language.Say(ImportWords.Here, r.Row, there)
                : language.Say(ImportWords.Would, r.Row,
                    language.Say(r.Record == "meeting" ? ImportWords.Meeting : ImportWords.Action), r.Understood)))
            .Concat(records.Repeated.Select(r => (r.Row, Said: language.Say(ImportWords.Same, r.Row, r.First))));
        foreach (var (_, said) in lines.OrderBy(l => l.Row)) await print.WriteLineAsync(said);
    }

    // A table of the same separator as the file, so that the same spreadsheet opens it.
    static async Task WriteReferences(RecordFile records, RecordImport import, Stream to, CancellationToken stop)
    {
        await to.WriteAsync(CsvText.ByteOrderMark, stop);
        await to.WriteAsync(CsvText.Row(["row", "record", "key", "reference"], records.Separator), stop);
        var byRow = records.Rows.ToDictionary(r => r.Row);
        var all = records.Rows.Select(r => (r.Row, Of: r)).Concat(records.Repeated.Select(r => (r.Row, Of: byRow[r.First])));
        foreach (var (row, of) in all.OrderBy(r => r.Row))
        {
            object?[] cells = [(long)row, of.Record, of.Name, import.References.GetValueOrDefault(of.Row)];
            await to.WriteAsync(CsvText.Row(cells, records.Separator), stop);
        }
    }

    /// <summary>Writes both files whole or not at all, readable for their owner alone.</summary>
    /// <exception cref="StartRefused">They cannot be written, or keys are to go to the standard output.</exception>
    internal static async Task<int> Write(RegisterStore store, string file, bool withKeys, CancellationToken stop)
    {
        if (file == StandardOutput)
        {
            if (withKeys) throw new StartRefused("Keys are not written to the standard output: name a file.");
            await using var output = Console.OpenStandardOutput();
            await store.Export(output, null, stop: stop);
            return 0;
        }
        var (history, keys) = (file + ".part", KeysOf(file) + ".part");
        var progress = new EventProgress("Exporting");
        try
        {
            ExportHead head;
            await using (var to = Draft(history))
            await using (var keysTo = withKeys ? Draft(keys) : null)
            {
                head = await store.Export(to, keysTo, progress.Tell, stop);
                to.Flush(flushToDisk: true);
                keysTo?.Flush(flushToDisk: true);
            }
            if (withKeys) File.Move(keys, KeysOf(file), overwrite: true);
            File.Move(history, file, overwrite: true);
            progress.End();
            Console.WriteLine(FormattableString.Invariant($"{head.Size:N0} events of log {head.Log} in {file}{(withKeys ? $", the keys in {KeysOf(file)}" : "; protected values are withheld in it")}"));
            if (withKeys && (await store.Head(stop)).Size != head.Size)
                await Console.Error.WriteLineAsync("The register has grown meanwhile. Where it is to be moved, stop every host first and export again: two registers that go on with one key contradict each other.");
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefused($"The export cannot be written to {file}: {e.Message}", e);
        }
        finally
        {
            progress.End();
            if (Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
            {
                File.Delete(history);
                File.Delete(keys);
            }
        }
    }

    /// <summary>Imports, makes the documents, and carries out the erasures that stand in the log.</summary>
    /// <param name="batch">Events in one transaction.</param>
    /// <exception cref="StartRefused">The files are not sound or cannot be read, or the register is not empty.</exception>
    internal static async Task<int> Read(string owner, string application, string dataFolder, string file, int batch, CancellationToken stop)
    {
        EventProgress? progress = null;
        var (doing, folder) = ("", Path.Combine(dataFolder, "keys"));
        try
        {
            await using var history = File.OpenRead(file);
            await using var keys = File.Exists(KeysOf(file)) ? File.OpenRead(KeysOf(file)) : null;
            var (head, wasThere) = await RegisterImport.Run(
                owner, Setup.Model, folder, history, keys, new() { Batch = batch, Progress = Tell }, stop);
            await using var store = await Setup.OpenStore(application, dataFolder, stop);
            await foreach (var row in store.Rows(RecordKinds.Person, stop: stop))
                if (row.Value is Person { Erased: not null }) store.DestroyKey(row.Key);
            if (wasThere)
            {
                Console.WriteLine(FormattableString.Invariant($"The register holds the {head.Size:N0} events of {file} already; nothing was changed."));
                return 0;
            }
            progress?.End();
            Console.WriteLine(FormattableString.Invariant($"Imported {head.Size:N0} events of log {head.Log}."));
            if (store.WithheldThrough > 0) Console.WriteLine("Protected values came without their keys and are withheld.");
            if (store.VerifierKey is null)
                Console.WriteLine("The key that signs checkpoints stayed where the history was exported: this copy can be read. `securitycoop ledger new-origin --reason …` goes on with it.");
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefused($"{file} cannot be imported: {e.Message}", e);
        }
        finally
        {
            progress?.End();
        }

        void Tell(string what, long done, long of)
        {
            if (what != doing)
            {
                progress?.End();
                (doing, progress) = (what, new(what));
            }
            progress!.Tell(done, of);
        }
    }

    static string KeysOf(string file) => file + ".keys";

    static FileStream Draft(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(file); // What a crash left may have another mode.
        return new(file, options);
    }
}
