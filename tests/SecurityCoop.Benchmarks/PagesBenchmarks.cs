using System.Globalization;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Store;
using SecurityCoop.Web;

namespace SecurityCoop.Benchmarks;

/// <summary>Pages, over HTTP, against the interface's answers of the same content.</summary>
internal static class PagesBenchmarks
{
    private const int Partnerships = 1000;

    /// <summary>
    /// The first page with the records of a thousand partnerships, each with a meeting, its statements, an agreed action that is late and one without a date; against
    /// the query of as many of them in JSON. So many countries there are not: the others are organisations that were given a partner's code.
    /// </summary>
    public static async Task Pages(Bench bench)
    {
        var (owner, application) = await bench.Cluster.NewDatabase();
        var data = bench.NewFolder();
        await using (var store = await Setup.OpenStore(application, data, CancellationToken.None)) await Fill(store);
        await Cluster.Analyze(owner);
        await using (var host = await HostProcess.Start(application, data))
        {
            Task<double> Get(string path) => bench.Latency(() => host.Http.GetByteArrayAsync(path));
            foreach (var path in (string[])["/api/partnerships", "/"]) await Bench.WarmUp(async () => 1 / await Get(path));
            await bench.Compare("pages", 1, "ms", () => Get("/api/partnerships"), () => Get("/"));
        }
        await bench.Cluster.Drop(owner);
    }

    private static async Task Fill(RegisterStore store)
    {
        foreach (var partner in RegisterLog.Partners) await Open(store, partner);
        for (var i = RegisterLog.Partners.Length; i < Partnerships; i++)
        {
            var code = string.Create(CultureInfo.InvariantCulture, $"BODY{i:0000}");
            var names = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["fr"] = $"Organisme {code}", ["en"] = $"Body {code}", ["ar"] = $"هيئة {code}" };
            var described = new OrganisationDescribed(new OrganisationDetails { Names = names });
            await store.Append(Request($"organisation-{Guid.CreateVersion7()}", "organisation", "ORG", described, new OrganisationPartnerCodeGiven(code)));
            await Open(store, code);
        }
    }

    private static async Task Open(RegisterStore store, string partner)
    {
        var command = Guid.CreateVersion7();
        var opened = Partnership.Initial.Open(new PartnershipDetails { Partner = partner }).Select(f => New(f.Event, command)).ToList();
        await store.Append(new(command, [new(Partnership.StreamOf(partner), "partnership", 0, [.. opened], Reference: partner)]));
        await store.Append(RegisterLog.Meeting(partner, statements: 2));
        foreach (var due in (Edtf?[])[Edtf.Parse("2026-03-01"), null])
            await store.Append(Request($"action-{Guid.CreateVersion7()}", "action", $"{partner}-ACT", new ActionAgreed(new ActionDetails
            {
                Partner = partner, What = "Name a point of contact", OwedBy = OwedBy.Partner, On = Edtf.Parse("2026-01-27"), Due = due,
            })));
    }

    private static AppendRequest Request(string stream, string kind, string prefix, params object[] events)
    {
        var command = Guid.CreateVersion7();
        return new(command, [new(stream, kind, 0, [.. events.Select(e => New(e, command))], ReferencePrefix: prefix)]);
    }

    private static NewEvent New(object e, Guid command) => new(Guid.CreateVersion7(), e, new("person-1", command, "restricted") { Effective = "2026-01-27" });
}
