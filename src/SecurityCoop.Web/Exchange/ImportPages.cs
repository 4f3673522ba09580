using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using SecurityCoop.Web.Partnerships;

namespace SecurityCoop.Web.Exchange;

/// <summary>One row of the file, and what is said of it.</summary>
/// <param name="Reference">Of the record, once it is on record; null: not yet.</param>
public sealed record ImportedRow(int Row, string? Understood, string? Reference, IReadOnlyList<RowFault> Faults, IReadOnlyList<string> Resembles);

/// <summary>What the page of imports shows.</summary>
/// <param name="Content">The file in base64, for the next step; null: there is none.</param>
/// <param name="Rows">Null before a file was sent.</param>
/// <param name="Recorded">Whether its rows are on record now.</param>
/// <param name="Fault">Why the file as a whole was not taken.</param>
public sealed record ImportView(Language Language, string? Content, string? Kind, IReadOnlyList<ImportedRow>? Rows, bool Recorded, string? Fault)
{
    /// <summary>How many rows are on record so far, of how many, and whether they are still being tried; null: none is being recorded.</summary>
    public (int Done, int Total, bool Tried)? Progress { get; init; }

    /// <summary>The address of this page; null: where lists are sent.</summary>
    public string? Address { get; init; }

    /// <summary>Whether the page loads itself again while rows are recorded.</summary>
    public bool Reloads { get; init; }

    /// <summary>The HTTP status of the page; null: what follows from the rest.</summary>
    public int? Status { get; init; }

    /// <summary>Whether any row has a fault.</summary>
    public bool IsFaulty => Rows?.Any(r => r.Faults.Count > 0) == true;
}

/// <summary>Import of a list: upload, every row tried with its faults in place, then all rows recorded, each once however often they are sent.</summary>
static class ImportPages
{
    public const string Path = "/import";

    /// <summary>A larger file is brought in by the console.</summary>
    public const int MaxBytes = 1 << 20;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (Delegate)((HttpContext http) => Show(new(Language.Of(http), null, null, null, false, null)))).Needs(Role.Recorder);
        pages.MapPost(Path, (Delegate)Post).Needs(Role.Recorder);
        pages.MapGet($"{Path}/{{import}}", Follow).Needs(Role.Recorder);
    }

    // Seconds between two looks at an import that is under way.
    const string Again = "2";

    // An import that is being recorded, or was: the page loads itself again until the end, by a header that works without script.
    static IResult Follow(string import, HttpContext http, Imports imports, bool? still)
    {
        var (language, address) = (Language.Of(http), $"{Path}/{Uri.EscapeDataString(import)}");
        if (!Guid.TryParse(import, out var id) || imports.Find(id, http.GetCaller().Subject) is not { } running)
            return Show(new(language, null, null, null, false, language.Say(ImportPageWords.NotFollowed)) { Address = address, Status = StatusCodes.Status404NotFound });
        if (running.Ended is not null)
        {
            var (faults, fault) = (running.Faults ?? [], running.Fault);
            var rows = Rows(running.File, running.Import, faults);
            return Show(new(language, null, null, rows, fault is null && faults.Count == 0, fault is "" ? language.Say(ImportPageWords.Failed) : fault) { Address = address });
        }
        if (still is not true) http.Response.Headers["Refresh"] = Again;
        return Show(new(language, null, null, null, false, null)
        {
            Address = address, Progress = (running.Done, running.File.Rows.Count, running.Faults is null), Reloads = still is not true,
        });
    }

    static async Task<IResult> Post(HttpContext http, Imports imports)
    {
        var (language, stop) = (Language.Of(http), http.RequestAborted);
        var form = await FormReader.ReadCommand(http);
        var (content, kind) = (form["content"].ToString(), StatusPages.Given(form["kind"]));
        byte[] bytes;
        if (form.Files["file"] is { Length: > 0 } file)
        {
            if (file.Length > MaxBytes) return Show(new(language, null, kind, null, false, language.Say(ImportPageWords.TooLarge)));
            using var read = new MemoryStream();
            await file.CopyToAsync(read, stop);
            bytes = read.ToArray();
        }
        else if (content.Length == 0) return Show(new(language, null, kind, null, false, language.Say(ImportPageWords.NoFile)));
        else if (!TryDecode(content, out bytes)) throw Refusal.Because("malformed-request");
        var view = new ImportView(language, Convert.ToBase64String(bytes), kind, null, false, null);
        using var client = new HttpClient(new CommandsHere(http, language)) { BaseAddress = new("http://here/") };
        try
        {
            var records = RecordFile.Read(new MemoryStream(bytes), language, new(null, kind is "meeting" or "action" ? kind : null));
            if (form["step"] == FormSteps.Record) return http.SeeOther($"{Path}/{imports.Begin(http, language, records).Id}");
            var import = new RecordImport(client, language, null);
            var faults = await import.Check(records, stop);
            return Show(view with { Rows = Rows(records, import, faults) });
        }
        catch (StartRefused refused)
        {
            return Show(view with { Fault = refused.Message });
        }
    }

    static bool TryDecode(string content, out byte[] bytes)
    {
        bytes = new byte[content.Length];
        var taken = Convert.TryFromBase64String(content, bytes, out var length);
        bytes = bytes[..length];
        return taken;
    }

    static IReadOnlyList<ImportedRow> Rows(RecordFile records, RecordImport import, IReadOnlyList<RowFault> faults)
    {
        var understood = records.Rows.ToDictionary(r => r.Row, r => r.Understood);
        return
        [
            .. understood.Keys.Concat(faults.Select(f => f.Row)).Distinct().Order().Select(row => new ImportedRow(row, understood.GetValueOrDefault(row), import.References.GetValueOrDefault(row),
                [.. faults.Where(f => f.Row == row)], import.Resembling.GetValueOrDefault(row)?.Where(r => r != import.References.GetValueOrDefault(row)).ToList() ?? [])),
        ];
    }

    static RazorComponentResult Show(ImportView view) => new RazorComponentResult<ImportPage>(new { View = view })
    {
        StatusCode = view.Status ?? (view.Fault is not null || view.IsFaulty ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK),
    };
}
