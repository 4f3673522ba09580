namespace SecurityCoop.PrivateServer.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void The_private_server_needs_nothing_but_the_runtime_and_the_driver_of_PostgreSQL() =>
        typeof(EmbeddedPostgres).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(r => !r.StartsWith("System.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .ShouldBe(["Microsoft.Win32.Primitives", "Npgsql"]); // the first is the runtime's
}
