using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace SecurityCoop.Reliability.Tests;

/// <summary>`securitycoop` as a process of its own: the host as it is operated.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();

    private HostProcess(Process process) => this.process = process;

    public int Id => process.Id;

    public string Address { get; private set; } = "";

    /// <summary>What it printed and logged.</summary>
    public string Said
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    public bool Ended => process.HasExited;

    public static async Task<HostProcess> Serve(string data, IReadOnlyDictionary<string, string> settings)
    {
        var host = new HostProcess(Start(["serve", "--urls", "http://127.0.0.1:0", "--no-seed", "--data", data], settings));
        _ = host.Listen(host.process.StandardOutput);
        _ = host.Listen(host.process.StandardError);
        const string serves = "SecurityCoop serves on ";
        try
        {
            await Processes.Until(() => host.process.HasExited
                ? throw new InvalidOperationException($"The host ended: {host.Said}")
                : Task.FromResult(host.Said.Contains(serves, StringComparison.Ordinal)), TimeSpan.FromSeconds(90), "the host serves");
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
        host.Address = host.Said.Split('\n').First(l => l.StartsWith(serves, StringComparison.Ordinal))[serves.Length..].Trim();
        return host;
    }

    /// <summary>A command of the program, to its end: what it printed and its exit code.</summary>
    public static async Task<(string Printed, int Code)> Run(string[] arguments, IReadOnlyDictionary<string, string> settings)
    {
        using var process = Start(arguments, settings);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (await output + await errors, process.ExitCode);
    }

    public HttpClient Client(string token) => new(new SocketsHttpHandler { UseCookies = false })
    {
        BaseAddress = new(Address), Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    private static Process Start(string[] arguments, IReadOnlyDictionary<string, string> settings)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "securitycoop.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private async Task Listen(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
            lock (said) said.AppendLine(line);
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task Kill()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        process.Dispose();
    }
}
