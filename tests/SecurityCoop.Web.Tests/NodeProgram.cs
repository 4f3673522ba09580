using System.Diagnostics;
using System.Text;
using SecurityCoop.Web.Tests.Description;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Programs of others that the tests ask for a second opinion (tests/node).</summary>
static class NodeProgram
{
    static string Folder => Path.Combine(Documents.Root, "tests", "node");

    /// <summary>Skips the test, or fails it in CI, where the package is not installed.</summary>
    /// <param name="file">A file of it, below node_modules.</param>
    public static string Installed(string file)
    {
        var path = Path.Combine(Folder, "node_modules", file);
        if (File.Exists(path)) return path;
        if (Environment.GetEnvironmentVariable("CI") != "true") Assert.Skip($"{path} is not there: Node and npm are needed, then `npm ci` in tests/node.");
        throw new FileNotFoundException("A program of tests/node is not there: ./test sets it up.", path);
    }

    /// <summary>Runs a program in tests/node; what it printed, and its exit code.</summary>
    public static async Task<(string Output, string Errors, int ExitCode)> Run(string program, IEnumerable<string> arguments, byte[]? input = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, WorkingDirectory = Folder,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.BaseStream.WriteAsync(input ?? []);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (await output, await errors, process.ExitCode);
    }
}
