using System.Diagnostics;
using System.Globalization;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>What a process can be told from outside. A process that is gone by then is no failure: the tormentor and the system race.</summary>
internal static class Signals
{
    public static void Kill(int pid) => Send("KILL", pid);

    public static void Stop(int pid) => Send("STOP", pid);

    public static void Continue(int pid) => Send("CONT", pid);

    private static void Send(string signal, int pid)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        kill.WaitForExit();
    }
}
