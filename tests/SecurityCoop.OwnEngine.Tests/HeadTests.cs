using Npgsql;

namespace SecurityCoop.OwnEngine.Tests;

/// <summary>The statement that stands first in every batch: it fails the batch unless the head is the very one that the batch was built on.</summary>
public sealed class HeadTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private async Task<PostgresException?> Move(Func<HeadState, HeadState> built, double secondsAfterNow = 0)
    {
        await using var connection = new NpgsqlConnection(database.AppConnection);
        await connection.OpenAsync();
        HeadState head;
        await using (var read = new NpgsqlCommand(Sql.ReadHead, connection)) head = await Database.ReadHead(read);
        var on = built(head);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql.MoveHead).With(
            Database.Of(on.Size), Database.Of(on.Root), Database.Of(on.Epoch), Database.Of(on.Size), Database.Of(on.Root), Database.Of(on.Frontier),
            Database.Of(DateTime.UtcNow.AddSeconds(secondsAfterNow))));
        batch.BatchCommands.Add(new("insert into register.reference_counter values (gen_random_uuid()::text, 1)"));
        var before = await database.Scalar<long>("select count(*) from register.reference_counter");
        try
        {
            await batch.ExecuteNonQueryAsync();
            return null;
        }
        catch (PostgresException refused)
        {
            (await database.Scalar<long>("select count(*) from register.reference_counter")).ShouldBe(before, "the rest of the batch is undone or never done");
            return refused;
        }
    }

    private static void ShouldName(PostgresException? refused, string column) => (refused?.SqlState, refused?.ColumnName).ShouldBe((PostgresErrorCodes.NotNullViolation, column));

    [Fact]
    public async Task A_batch_on_the_current_head_moves_it() => (await Move(head => head)).ShouldBeNull();

    [Fact]
    public async Task A_batch_on_another_size_root_or_epoch_fails_whole()
    {
        ShouldName(await Move(head => head with { Size = head.Size + 1 }), "size");
        ShouldName(await Move(head => head with { Root = new byte[32] }), "size");
        ShouldName(await Move(head => head with { Epoch = head.Epoch - 1 }), "size");
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(2.5)]
    public async Task A_time_that_is_not_the_databases_fails_the_batch(double secondsAfterNow) =>
        ShouldName(await Move(head => head, secondsAfterNow), "recorded_at");

    [Fact]
    public async Task A_time_that_is_not_after_the_last_fails_the_batch()
    {
        (await Move(head => head)).ShouldBeNull();
        ShouldName(await Move(head => head, -1), "recorded_at");
    }
}
