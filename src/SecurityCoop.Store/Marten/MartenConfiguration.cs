using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using Marten;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>
/// How the register stands in Marten. Every program of ours that opens the database with Marten configures it here, and the migrations are
/// made from it.
/// </summary>
public static class MartenConfiguration
{
    public const string Schema = "register";

    /// <summary>
    /// How long the daemon waits for a position that was drawn and is not there. Marten's own three seconds lose events for good: a number
    /// drawn by a save that failed is drawn again by the next one, and by then the daemon has passed over it.
    /// </summary>
    public static readonly TimeSpan StaleSequenceThreshold = TimeSpan.FromDays(3650);

    /// <summary>Configures Marten for the register.</summary>
    /// <param name="autoCreate">None at run time: the owner's role migrates.</param>
    public static void UseRegister(this StoreOptions options, RegisterModel model, AutoCreate autoCreate = AutoCreate.None) =>
        options.UseRegister(model, new EventBodies(model.Types), autoCreate);

    internal static void UseRegister(this StoreOptions options, RegisterModel model, EventBodies bodies, AutoCreate autoCreate,
        Action<StoredEvent>? folded = null)
    {
        options.AutoCreateSchemaObjects = autoCreate;
        options.DatabaseSchemaName = Schema;
        options.DisableNpgsqlLogging = true;
        options.UseSystemTextJsonForSerialization(configure: json =>
        {
            json.Converters.Add(bodies);
            json.Converters.Add(new StoredHeader.Converter());
            foreach (var kind in model.Kinds) json.Converters.Add(kind.Converter);
        });

        options.Events.DatabaseSchemaName = Schema;
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.AppendMode = EventAppendMode.Rich; // Only here do inline projections see position, version and time.
        options.Events.MetadataConfig.EnableAll();
        options.Events.MetadataConfig.UserNameEnabled = true;
        foreach (var type in model.Types.All) options.Events.MapEventType(type.Type, type.Name);
        foreach (var kind in model.Kinds) kind.AddTo(options, model.Types.All.Where(kind.Owns).Select(t => t.Type), folded);

        options.Projections.AsyncMode = DaemonMode.HotCold;
        options.Projections.StaleSequenceThreshold = StaleSequenceThreshold;
        // How soon another host takes over, and how long a follower that failed is left alone.
        options.Projections.LeadershipPollingTime = 2000;
        options.Projections.HealthCheckPollingTime = TimeSpan.FromSeconds(5);
        foreach (var errors in new[] { options.Projections.Errors, options.Projections.RebuildErrors })
            errors.SkipApplyErrors = errors.SkipSerializationErrors = errors.SkipUnknownEvents = false;

        // One attempt: what Marten sends again after an error, it sends outside the transaction that held the head.
        options.ConfigureWritePolly(_ => { });
    }

    /// <summary>
    /// To be called at start: settings on which the log's order and the daemon's completeness rest, and that an application may have
    /// changed.
    /// </summary>
    /// <exception cref="StartRefused">One of them is not as <see cref="UseRegister(StoreOptions, RegisterModel, AutoCreate)"/> left
    /// it.</exception>
    public static void MustHold(IDocumentStore documents)
    {
        var options = ((DocumentStore)documents).Options;
        var faults = new List<string>();
        if (options.Projections.StaleSequenceThreshold < StaleSequenceThreshold)
            faults.Add($"StaleSequenceThreshold is {options.Projections.StaleSequenceThreshold}");
        if (options.Events.AppendMode != EventAppendMode.Rich) faults.Add($"AppendMode is {options.Events.AppendMode}");
        if (options.AutoCreateSchemaObjects != AutoCreate.None) faults.Add($"AutoCreateSchemaObjects is {options.AutoCreateSchemaObjects}");
        if (options.Projections.Errors is { SkipApplyErrors: true } or { SkipSerializationErrors: true } or { SkipUnknownEvents: true })
            faults.Add("the daemon skips errors");
        if (faults.Count > 0) throw new StartRefused($"Marten is not configured as the register needs it: {string.Join("; ", faults)}.");
    }
}
