namespace SecurityCoop.PrivateServer.Tests;

public sealed class ServerLogTests(TestCluster cluster)
{
    [Fact]
    public async Task A_server_that_would_log_values_of_rows_is_told_from_one_that_does_not()
    {
        var database = await cluster.NewDatabase();
        Task<IReadOnlyList<string>> Faults() => ServerLog.Faults(cluster.ConnectionString(database, TestCluster.Application));
        Task Set(string setting) => cluster.Execute("postgres", $"alter database {database} set {setting}");

        (await Faults()).ShouldBe(["log_error_verbosity is default, not terse", "log_min_error_statement is error, not panic"]);
        await Set("log_error_verbosity = terse");
        await Set("log_min_error_statement = panic");
        (await Faults()).ShouldBeEmpty();
        await Set("log_parameter_max_length_on_error = -1");
        await Set("log_statement = 'all'");
        await Set("log_min_duration_statement = 100");
        (await Faults()).ShouldBe([
            "log_parameter_max_length_on_error is -1, not 0", "log_statement is all, not none",
            "log_min_duration_statement is 100, not -1"]);
        await Set("log_parameter_max_length = 0");
        (await Faults()).ShouldBe(["log_parameter_max_length_on_error is -1, not 0"]);
    }
}
