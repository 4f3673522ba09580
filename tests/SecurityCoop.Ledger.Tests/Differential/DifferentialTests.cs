using System.Globalization;
using System.Text.RegularExpressions;

namespace SecurityCoop.Ledger.Tests.Differential;

/// <summary>
/// Two programs that share no code judge the same crafted bundles. A longer run: <c>BUNDLES=50000 ./test -class '*DifferentialTests'</c>, with <c>SEED</c> for the
/// one that a failed run printed.
/// </summary>
public sealed partial class DifferentialTests(ITestOutputHelper output) : IDisposable
{
    private const int InEveryRun = 1500;

    private readonly string folder = Directory.CreateTempSubdirectory("differential-").FullName;
    private readonly PythonVerifier python = new();

    [GeneratedRegex(@"^SOUND: (\d+) events of .*\nroot (\S+)\n")]
    private static partial Regex Sound { get; }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private (int Exit, string Said) Judge(CraftedBundle crafted)
    {
        var (bundle, note) = (Path.Combine(folder, "bundle"), Path.Combine(folder, "note"));
        File.WriteAllBytes(bundle, crafted.Bundle);
        string[] arguments = [bundle, "--key", crafted.Key];
        if (crafted.Kept is not null)
        {
            File.WriteAllBytes(note, crafted.Kept);
            arguments = [.. arguments, "--checkpoint", note];
        }
        using var said = new StringWriter { NewLine = "\n" };
        var exit = Verify.Program.Run(arguments, said, said);
        var (theirs, theySaid) = python.Run(arguments);
        // Positions are shown by both where there is one; the words are each program's own.
        if (exit != theirs || theirs is not (0 or 1 or 2)) throw new VerdictsDiffer($"{exit}: {said}{theirs}: {theySaid}");
        return (exit, said.ToString());
    }

    private sealed class VerdictsDiffer(string what) : Exception(what);

    [Fact]
    public void Both_programs_judge_every_crafted_bundle_alike_and_call_none_sound_that_was_not_signed()
    {
        var (seed, count) = (Setting("SEED", Random.Shared.Next()), Setting("BUNDLES", InEveryRun));
        output.WriteLine(FormattableString.Invariant($"seed {seed}, {count} bundles"));
        var verdicts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var crafted = new Crafter(seed + i).Next();
            var name = FormattableString.Invariant($"SEED={seed + i} BUNDLES=1: {crafted.What}");
            try
            {
                var (exit, said) = Judge(crafted);
                var kind = $"{(crafted.What.StartsWith("event", StringComparison.Ordinal) ? "member" : crafted.What.Split(" has ")[0])}: exit {exit}";
                verdicts[kind] = verdicts.GetValueOrDefault(kind) + 1;
                if (exit == 0 && crafted.Genuine is { } genuine)
                {
                    var sound = Sound.Match(said);
                    genuine.ShouldContain((long.Parse(sound.Groups[1].Value, CultureInfo.InvariantCulture), sound.Groups[2].Value), name);
                }
            }
            catch (Exception e) when (e is not ShouldAssertException)
            {
                Assert.Fail($"{name}\n{e}");
            }
        }
        foreach (var (kind, number) in verdicts) output.WriteLine($"{kind}: {number}");
        // The generator would prove nothing if it made no sound bundle, or none of a kind.
        verdicts.Count(v => v.Key.EndsWith("exit 0", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(count >= InEveryRun ? 4 : 0);
    }

    public void Dispose()
    {
        python.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
