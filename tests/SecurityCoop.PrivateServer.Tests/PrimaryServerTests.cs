using Npgsql;

namespace SecurityCoop.PrivateServer.Tests;

/// <summary>What a connection string that names several servers becomes.</summary>
public sealed class PrimaryServerTests
{
    private const string Several = "Host=one:5432,two:5433;Database=register", Setting = "ConnectionStrings__Register";

    [Fact]
    public void Of_several_servers_the_primary_is_used_and_short_waits_hold_where_nothing_is_said_of_them()
    {
        var settled = new NpgsqlConnectionStringBuilder(PrimaryServer.Settled(Several, Setting));
        settled.TargetSessionAttributes.ShouldBe("primary");
        (settled.Timeout, settled.HostRecheckSeconds).ShouldBe((5, 2));
        var given = new NpgsqlConnectionStringBuilder(PrimaryServer.Settled($"{Several};Timeout=9;Host Recheck Seconds=7;Target Session Attributes=Primary", Setting));
        (given.Timeout, given.HostRecheckSeconds).ShouldBe((9, 7));
    }

    [Fact]
    public void One_server_stays_as_it_is()
    {
        PrimaryServer.Settled("Host=one;Database=register", Setting).ShouldBe("Host=one;Database=register");
        PrimaryServer.Settled("Host=one;Database=register;Target Session Attributes=primary", Setting).ShouldBe("Host=one;Database=register");
    }

    [Theory]
    [InlineData($"{Several};Target Session Attributes=prefer-standby", "ConnectionStrings__Register asks for Target Session Attributes=prefer-standby")]
    [InlineData($"{Several};Load Balance Hosts=true", "ConnectionStrings__Register asks for Load Balance Hosts")]
    [InlineData("Hosts=one", "ConnectionStrings__Register cannot be read")]
    public void What_would_use_another_server_is_refused(string connection, string why) =>
        Should.Throw<StartRefused>(() => PrimaryServer.Settled(connection, Setting)).Message.ShouldStartWith(why);

    [Fact]
    public void A_pool_of_several_servers_and_a_pool_of_one_can_be_made()
    {
        foreach (var connection in new[] { PrimaryServer.Settled(Several, Setting), "Host=one;Database=register" })
        {
            using var full = new NpgsqlDataSourceBuilder(connection).BuildForPrimary();
            using var slim = new NpgsqlSlimDataSourceBuilder(connection).BuildForPrimary();
            full.ConnectionString.ShouldContain("one");
        }
    }
}
