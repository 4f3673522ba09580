namespace SecurityCoop.Store.Tests;

public sealed class TwoProcessTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Two_processes_at_full_speed_lose_nothing_and_double_nothing()
    {
        const int callers = 16, each = 60;
        await database.Open();
        var shared = Sample.NewStream();
        using var first = WorkerProcess.Start(database, callers, each, shared);
        using var second = WorkerProcess.Start(database, callers, each, shared);
        var output = await Task.WhenAll(first.StandardOutput.ReadToEndAsync(), second.StandardOutput.ReadToEndAsync());
        await Task.WhenAll(first.WaitForExitAsync(), second.WaitForExitAsync());
        (first.ExitCode, second.ExitCode).ShouldBe((0, 0));

        var acknowledged = output.SelectMany(o => o.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(Guid.Parse).ToArray();
        acknowledged.Length.ShouldBe(2 * callers * each);
        var stored = (await (await database.Open()).ReadAll(new()).ToList()).Select(e => e.Id).ToArray();
        stored.Order().ShouldBe(acknowledged.Order());
        (await database.Scalar<long>($"select version from register.mt_streams where id = '{shared}'")).ShouldBe(2 * callers * each / 4);
        // Both were at work at once, or this shows nothing.
        var ofFirst = output[0].Split('\n').Where(l => l.Length > 0).Select(Guid.Parse).ToHashSet();
        stored.Zip(stored.Skip(1)).Count(pair => ofFirst.Contains(pair.First) != ofFirst.Contains(pair.Second)).ShouldBeGreaterThan(10);
        await LogCheck.MustHold(database);
    }
}
