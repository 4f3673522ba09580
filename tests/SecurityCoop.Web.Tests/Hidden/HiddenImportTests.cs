using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Tests.Exchange;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Hidden;

/// <summary>An import of past records says of hidden ones what it says of those that are not there; its dry run needs what recording needs.</summary>
public sealed class HiddenImportTests(HiddenWorld world) : IClassFixture<HiddenWorld>
{
    // {x} is a record's name.
    static readonly string[] files =
    [
        "record,partner,what,owedBy,on,meeting\naction,EE,a deed,home,2025-12-01,{x}\n",
        "record,partners,kind,date,partOf\nmeeting,EE,talks,2025-11-01,{x}\nmeeting,EE,talks,2025-11-02,{x}\n",
        "record,partners,kind,date,homeOrganisation\nmeeting,EE,talks,2025-11-01,{x}\n",
    ];

    [Fact(Timeout = 240_000)]
    public async Task A_row_that_names_a_hidden_record_is_answered_as_one_that_names_nothing()
    {
        var (faults, head) = (new List<string>(), await world.Recorded());
        foreach (var (clearance, role) in ((Marking, Role)[])[(Marking.Confidential, Role.Steward), (Marking.Open, Role.Recorder), (Marking.Secret, Role.Recorder)])
        {
            using var http = await world.As(clearance, role);
            foreach (var file in files)
                foreach (var (_, name, absent) in (clearance == Marking.Secret ? world.OfGroup : world.Names).Where(n => n.Kind is "meeting" or "organisation" or "action"))
                    foreach (var dryRun in (bool[])[true, false])
                    {
                        async Task<string> Said(string record)
                        {
                            var (code, said) = await http.Import(Encoding.UTF8.GetBytes(file.Replace("{x}", record, StringComparison.Ordinal)), dryRun);
                            return $"{code} {string.Join('\n', said)}".Replace(record, "<name>", StringComparison.Ordinal);
                        }
                        var (hidden, nobody) = (await Said(name), await Said(absent));
                        if (hidden != nobody || !hidden.StartsWith('1')) faults.Add($"{role} {name} {dryRun}:\n  {hidden}\n  {nobody}");
                    }
        }
        faults.Count.ShouldBe(0, string.Join('\n', faults.Take(20)));
        (await world.Recorded()).ShouldBe(head);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_dry_run_needs_the_right_that_recording_needs_and_records_neither_events_nor_a_reading()
    {
        var trace = world.Services.GetRequiredService<AccessTrace>();
        var file = Encoding.UTF8.GetBytes("record,partners,kind,date,place\nmeeting,EE,talks,2024-03-04,A dry place\n");
        async Task<long> Events()
        {
            await trace.Flush(default);
            return await world.Head();
        }
        using var recorder = await world.As(Marking.Restricted, Role.Recorder);
        var before = await Events();
        (await recorder.Import(file, dryRun: true)).Code.ShouldBe(0);
        (await Events()).ShouldBe(before);

        using var reader = await world.As(Marking.Secret, Role.Reader);
        var refusals = new List<string>();
        foreach (var dryRun in (bool[])[true, false])
            refusals.Add((await Should.ThrowAsync<StartRefused>(() => reader.Import(file, dryRun))).Message);
        refusals.Distinct().Count().ShouldBe(1);

        (await recorder.Import(file)).Code.ShouldBe(0);
        (await Events()).ShouldBeGreaterThan(before);
    }
}
