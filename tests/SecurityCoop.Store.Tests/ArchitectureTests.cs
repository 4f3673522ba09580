namespace SecurityCoop.Store.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void The_store_knows_the_ledger_and_neither_the_model_nor_the_host() =>
        typeof(RegisterStore).Assembly.GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith("SecurityCoop", StringComparison.Ordinal))
            .Order().ShouldBe(["SecurityCoop.Ledger", "SecurityCoop.PrivateServer"]);
}
