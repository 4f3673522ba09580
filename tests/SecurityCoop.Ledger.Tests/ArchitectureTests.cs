using SecurityCoop.Ledger;

namespace SecurityCoop.Ledger.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void The_ledger_needs_nothing_but_the_runtime()
    {
        var references = typeof(MerkleTree).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        references.ShouldContain("System.Runtime");
        references.Where(r => !r.StartsWith("System.", StringComparison.Ordinal)).ShouldBeEmpty("no package, no database, no other project");
    }
}
