using System.Diagnostics;

namespace SecurityCoop.Web.Tests;

/// <summary>`securitycoop` as a process of its own.</summary>
static class ConsoleProcess
{
    /// <param name="application">Connection string of the role that it works as.</param>
    /// <param name="owner">Connection string of the database's owner.</param>
    /// <param name="settings">Of its environment.</param>
    public static Process Start(string[] arguments, string application, string owner, params (string Name, string Value)[] settings)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "securitycoop.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__Register"] = application;
        start.Environment["ConnectionStrings__RegisterMigrations"] = owner;
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
