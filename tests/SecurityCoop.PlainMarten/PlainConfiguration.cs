using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;
using Weasel.Core;

namespace SecurityCoop.PlainMarten;

/// <summary>
/// Marten for a register without a ledger: what its documentation recommends for speed, and nothing that this application does not need.
/// </summary>
public static class PlainConfiguration
{
    public static void UsePlain(this StoreOptions options, NpgsqlDataSource database, AutoCreate autoCreate = AutoCreate.None)
    {
        options.Connection(database);
        options.AutoCreateSchemaObjects = autoCreate;
        options.DatabaseSchemaName = "plain";
        options.DisableNpgsqlLogging = true;
        options.UseSystemTextJsonForSerialization(
            casing: Casing.CamelCase, configure: json => json.TypeInfoResolverChain.Insert(0, PlainJson.Default));

        options.Events.DatabaseSchemaName = "plain";
        options.Events.StreamIdentity = StreamIdentity.AsString;
        // The projections need neither position nor time of an event, so one function in PostgreSQL draws numbers and checks versions.
        options.Events.AppendMode = EventAppendMode.Quick;
        // No command changes what it fetched, so the projection goes on from it instead of loading it again.
        options.Events.UseIdentityMapForAggregates = true;
        // Who, with which command, and what called it: as the register's rows have them.
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.UserNameEnabled = true;
        options.Events.AddEventTypes(
            [typeof(Noted), typeof(MeetingHeld), typeof(StatementRecorded), typeof(ActionAgreed), typeof(ActionFollowedUp)]);

        options.Schema.For<Partner>();
        options.Schema.For<PartnershipStatus>();
        options.Projections.Snapshot<Note>(SnapshotLifecycle.Inline);
        options.Projections.Snapshot<Meeting>(SnapshotLifecycle.Inline);
        options.Projections.Snapshot<AgreedAction>(SnapshotLifecycle.Inline);
    }

    /// <summary>Who does what, for every event that the session appends.</summary>
    public static void ActsFor(this IDocumentSession session, string person, Guid command)
    {
        session.LastModifiedBy = person;
        session.CorrelationId = "bench";
        session.CausationId = command.ToString();
    }
}
