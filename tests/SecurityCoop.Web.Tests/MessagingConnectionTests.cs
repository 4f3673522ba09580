using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Wolverine.RDBMS;
using Wolverine.Runtime;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What Wolverine does in the database.</summary>
public sealed class MessagingConnectionTests(HostFixture host) : IClassFixture<HostFixture>
{
    // Wolverine gives the connection of its leader's lock back also where it could not let go of the lock.
    [Fact]
    public async Task What_a_session_left_behind_on_a_connection_is_gone_once_it_is_used_again()
    {
        const int left = 471_100;
        var database = ((IMessageDatabase)host.Services.GetRequiredService<IWolverineRuntime>().Storage).DataSource;
        int session;
        await using (var connection = (NpgsqlConnection)await database.OpenConnectionAsync())
        {
            session = connection.ProcessID;
            await using var leave = new NpgsqlCommand(
                $"listen left_behind; select pg_advisory_lock({left}), set_config('lock_timeout', '1h', false)", connection);
            await leave.ExecuteNonQueryAsync();
            (await Held()).ShouldBe(1);
        }
        for (var used = 0; ; used++)
        {
            used.ShouldBeLessThan(200, "its turn comes");
            await using var connection = (NpgsqlConnection)await database.OpenConnectionAsync();
            if (connection.ProcessID != session) continue;
            await using var look = new NpgsqlCommand(
                """
                select concat_ws(' ', current_setting('lock_timeout'), (select count(*) from pg_listening_channels()),
                    current_setting('jit'), current_setting('idle_session_timeout'))
                """, connection);
            // And what the pool itself sets stays: who leads and is stopped does not keep its lock.
            (await look.ExecuteScalarAsync()).ShouldBe("0 0 off 1min");
            break;
        }

        (await Held()).ShouldBe(0);

        Task<long> Held() => host.Ask<long>($"select count(*) from pg_locks where locktype = 'advisory' and objid = {left}");
    }
}
