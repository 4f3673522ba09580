using System.Diagnostics;
using System.Text;

namespace SecurityCoop.Ledger.Tests.Differential;

/// <summary>docs/verify.py in one process that answers for many bundles, each as its command line would: exit code and what was said.</summary>
public sealed class PythonVerifier : IDisposable
{
    // An exception that the script does not turn into an exit code itself is a crash, and is told apart from its own codes.
    private const string Driver =
        """
        import base64, contextlib, functools, importlib.util, io, sys, traceback
        spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
        v = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(v)
        v.ed25519_verifies = functools.lru_cache(None)(v.ed25519_verifies)
        v.ecdsa_verifies = functools.lru_cache(None)(v.ecdsa_verifies)
        for line in sys.stdin:
            sys.argv = ["verify.py"] + line.rstrip("\n").split("\t")
            said = io.StringIO()
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                try:
                    code = v.run()
                except SystemExit as e:
                    code = e.code
                except BaseException:
                    code = 99
                    traceback.print_exc()
            print(code, base64.b64encode(said.getvalue().encode()).decode(), flush=True)
        """;

    private readonly Process process;

    public PythonVerifier()
    {
        try
        {
            process = Process.Start(new ProcessStartInfo("python3", ["-c", Driver, Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("python3 is not there.");
            throw;
        }
    }

    /// <summary>docs/verify.py.</summary>
    public static string Script
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "SecurityCoop.sln"))) root = root.Parent ?? throw new DirectoryNotFoundException("No SecurityCoop.sln above the tests.");
            return Path.Combine(root.FullName, "docs", "verify.py");
        }
    }

    public (int Exit, string Said) Run(params string[] arguments)
    {
        process.StandardInput.WriteLine(string.Join('\t', arguments));
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The script's process ended.");
        var parts = answer.Split(' ');
        return (int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), Encoding.UTF8.GetString(Convert.FromBase64String(parts[1])));
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
