namespace SecurityCoop.EventStore.Tests;

public sealed class ServerLogTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_server_that_would_log_values_of_rows_is_told_from_one_that_does_not()
    {
        (await ServerLog.Faults(database.AppConnection)).ShouldBe(["log_error_verbosity is default, not terse", "log_min_error_statement is error, not panic"]);
        await Set("log_error_verbosity = terse");
        await Set("log_min_error_statement = panic");
        (await ServerLog.Faults(database.AppConnection)).ShouldBeEmpty();
        await Set("log_parameter_max_length_on_error = -1");
        await Set("log_statement = 'all'");
        await Set("log_min_duration_statement = 100");
        (await ServerLog.Faults(database.AppConnection)).ShouldBe(
            ["log_parameter_max_length_on_error is -1, not 0", "log_statement is all, not none", "log_min_duration_statement is 100, not -1"]);
        await Set("log_parameter_max_length = 0");
        (await ServerLog.Faults(database.AppConnection)).ShouldBe(["log_parameter_max_length_on_error is -1, not 0"]);
    }

    private Task Set(string setting) => database.Cluster.Execute("postgres", $"alter database {database.Name} set {setting}");
}
