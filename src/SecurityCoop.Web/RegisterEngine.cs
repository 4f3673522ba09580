using SecurityCoop.PrivateServer;
using SecurityCoop.Store;

namespace SecurityCoop.Web;

/// <summary>What the register stands on: the own engine (npgsql, the default) or Marten. Until the own engine goes (issue 12).</summary>
public static class RegisterEngine
{
    /// <param name="named">What Register:Engine says; null: what the environment says.</param>
    /// <exception cref="StartRefused">There is no engine of that name.</exception>
    public static bool IsMarten(string? named = null) => (named ?? Environment.GetEnvironmentVariable("Register__Engine")) switch
    {
        null or "" or "npgsql" => false,
        "marten" => true,
        var other => throw new StartRefused(
            $"Register__Engine: there is no engine {other}; there are npgsql (the default) and marten."),
    };

    /// <summary>Brings the schema up to what this program and the engine need.</summary>
    public static Task Migrate(string owner, string applicationRole, string? named = null, CancellationToken stop = default) => IsMarten(named)
        ? RegisterMigrations.Migrate(owner, applicationRole, stop)
        : RegisterSchema.Migrate(owner, applicationRole, stop);

    /// <summary>For what is not done under Marten yet.</summary>
    /// <exception cref="StartRefused">The engine is Marten.</exception>
    public static void RefuseOnMarten(string what, string? named = null)
    {
        if (IsMarten(named)) throw new StartRefused($"{what} does not work with Register__Engine=marten yet.");
    }
}
