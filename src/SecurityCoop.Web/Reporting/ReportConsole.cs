using System.CommandLine;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Partnerships;
using Command = System.CommandLine.Command;

namespace SecurityCoop.Web.Reporting;

/// <summary>`securitycoop report [--as-of DAY] [--clearance MARKING]`: writes the rows behind the views of the schema `report`.</summary>
static class ReportConsole
{
    public static Command Command(Option<string> data)
    {
        var asOf = new Option<DateOnly?>("--as-of") { Description = "The day of the world that the rows speak of, kept beside today's; without it, today." };
        var clearance = new Option<Marking>("--clearance") { Description = "What lies above it is left out.", DefaultValueFactory = _ => Marking.Restricted };
        var command = new Command("report", "Writes what the register answers for a day as rows for reporting (docs/reporting.md).") { asOf, clearance };
        command.SetAction(async (parsed, stop) =>
        {
            await using var database = await Program.Migrated(parsed.GetValue(data)!, stop);
            await using var store = await Setup.OpenStore(database.Application, parsed.GetValue(data)!, stop);
            await using var source = ConnectionPool.Of(new(database.Application));
            var clock = new RegisterClock(TimeProvider.System, Setup.Zone(Environment.GetEnvironmentVariable("Register__TimeZone")));
            var clocks = new TwoClocks(store, clock);
            var writer = new ReportWriter(store, new ReportLines(store, clocks, new Statuses(store, clocks, new ConfigurationBuilder().AddEnvironmentVariables().Build())), source);
            var written = await writer.Write(parsed.GetValue(asOf) ?? clock.Today, parsed.GetValue(clearance), current: parsed.GetValue(asOf) is null, stop);
            Console.WriteLine(FormattableString.Invariant($"{written.Rows} rows as of {written.AsOf:yyyy-MM-dd}, from the log up to @{written.Position}."));
            return 0;
        });
        return command;
    }
}
