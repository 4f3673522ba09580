using SecurityCoop.Store.Tests.Faults;

namespace SecurityCoop.Store.Tests;

/// <summary>What must hold for any log after any history, in plain statements: nothing of the writer's code is used.</summary>
internal static class LogCheck
{
    public static Task MustHold(TestDatabase database) => new HistoryCheck(database).LogMustHold();
}
