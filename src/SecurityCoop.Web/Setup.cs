using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Actions;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Broker;
using SecurityCoop.Web.Calendar;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Description;
using SecurityCoop.Web.Hosting;
using SecurityCoop.Web.Instruments;
using SecurityCoop.Web.Markings;
using SecurityCoop.Web.Intake;
using SecurityCoop.Web.Meetings;
using SecurityCoop.Web.Occasions;
using SecurityCoop.Web.Organisations;
using SecurityCoop.Web.Outgoing;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Partnerships;
using SecurityCoop.Web.People;
using SecurityCoop.Web.Privacy;
using SecurityCoop.Web.Reporting;
using SecurityCoop.Web.Search;
using SecurityCoop.Web.Sources;
using SecurityCoop.Web.Witnesses;

namespace SecurityCoop.Web;

/// <summary>Puts the host together.</summary>
public static class Setup
{
    /// <summary>The register of a migrated database.</summary>
    /// <param name="keyDatabase">What Register:KeyDatabase says; where it is not given, the environment's.</param>
    /// <param name="readOnly">Nothing is written, neither there nor in the data folder.</param>
    /// <param name="serving">Of a host, whose configuration says what follows the log; null: nothing does.</param>
    public static Task<RegisterStore> OpenStore(
        string connectionString, string dataFolder, CancellationToken stop, bool readOnly = false, string? keyDatabase = null,
        IConfiguration? serving = null) =>
        RegisterStore.Open(connectionString, Model, Path.Combine(dataFolder, "keys"), new RegisterStoreOptions
        {
            Partners = Statuses.OfPartner, VerifierKeyFile = Path.Combine(dataFolder, "ledger.vkey"), ReadOnly = readOnly,
            KeyDatabase = (keyDatabase ?? Environment.GetEnvironmentVariable("Register__KeyDatabase")) is { Length: > 0 } named ? named : null,
            Followers = serving is null ? [] : LogFollowers.Of(serving),
        }, stop);

    /// <summary>Every kind of event that the log may hold: the model's and the ledger's own.</summary>
    public static Store.EventTypes EventTypes { get; } =
        new([
            .. Register.EventTypes.All.Select(t => new EventType(t.Name, t.Schema, t.Type, RegisterJson.Options)),
            .. SecurityCoop.Ledger.LedgerEvents.All.Select(t => new EventType(t.Name, t.Schema, t.Json.Type, t.Json.Options)),
        ]);

    /// <summary>What the store of Marten documents is told of the model.</summary>
    public static Store.RegisterModel Model { get; } = new(
        EventTypes, RecordKinds.All);

    /// <summary>The commands of each feature.</summary>
    public static IReadOnlyList<CommandSet> Features { get; } =
    [
        PartnershipEndpoints.Commands, MeetingEndpoints.Commands, ActionEndpoints.Commands, InstrumentEndpoints.Commands, PersonEndpoints.Commands,
        ErasureEndpoints.Commands, OrganisationEndpoints.Commands, SourceEndpoints.Commands, OccasionEndpoints.Commands,
        MarkingEndpoints.Commands, UserCommands.Commands,
    ];

    /// <summary>The web host upon an open log; not yet started.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, RegisterStore store, string connectionString)
    {
        var services = builder.Services;
        var zone = Zone(builder.Configuration["Register:TimeZone"]);
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            // Bodies.Read refuses what is too large. What a client still sends then is taken in and dropped up to this size: were the connection closed
            // at once, most clients would see it broken and never read why.
            k.Limits.MaxRequestBodySize = 64L * Bodies.MaxBytes;
        });
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(s => new RegisterClock(s.GetRequiredService<TimeProvider>(), zone));
        services.AddSingleton(store).AddSingleton<TwoClocks>().AddSingleton<Records>().AddSingleton<Statuses>().AddSingleton<Readiness>();
        services.AddSingleton<Openings>().AddSingleton<Erasures>().AddHostedService(s => s.GetRequiredService<Erasures>());
        services.AddSingleton<WordIndex>().AddSingleton<NameIndex>().AddSingleton<Searching>().AddSingleton<Resemblances>().AddSingleton<FurtherSource>();
        services.AddSingleton<Recording.RecordingSteps>();
        services.AddSingleton<Exchange.Imports>().AddHostedService(s => s.GetRequiredService<Exchange.Imports>());
        services.AddHostedService(s => s.GetRequiredService<NameIndex>());
        services.AddSingleton<PartnerDirectory>().AddHostedService(s => s.GetRequiredService<PartnerDirectory>());
        services.AddSingleton(new PublicAddress(builder.Configuration["Register:Address"])).AddSingleton<CalendarReader>().AddSingleton<CalendarFeeds>();
        builder.Logging.AddContentFilters();
        services.AddHostedService<Signing>();
        services.AddSingleton<HistoryWatch>().AddHostedService(s => s.GetRequiredService<HistoryWatch>());
        var outside = OutsideOptions.Read(builder.Configuration);
        services.AddSingleton(outside).AddHostedService<Witnessing>().AddHostedService<TimeStamping>();
        services.AddSingleton<ReportLines>().AddSingleton<ReportWriter>();
        services.AddSingleton<ReportKeeper>().AddHostedService(s => s.GetRequiredService<ReportKeeper>());
        services.AddSingleton<LogDaemon>().AddHostedService(s => s.GetRequiredService<LogDaemon>());
        services.AddSingleton(_ => ConnectionPool.Of(new(connectionString) { ApplicationName = "SecurityCoop access", MaxPoolSize = 4 }));
        services.AddSingleton<OpenStreams>().AddSingleton<DatabaseProbe>();
        services.AddSingleton(s => GuessLimit.Of(builder.Configuration, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SnapshotWatch>().AddHostedService(s => s.GetRequiredService<SnapshotWatch>());
        var outgoing = CloudEventsSettings.Of(builder.Configuration);
        if (outgoing is not null) services.AddSingleton(outgoing).AddSingleton<CloudEvents>();
        builder.AddMessaging(store, Features, outgoing is null ? null : options => ReminderSchedule.AddTo(options, zone));
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.ConfigureHttpJsonOptions(o =>
        {
            // Bodies are read and answers written with BodiesJson itself; the interface's description learns their form from here.
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, BodiesJson.Options.TypeInfoResolver!);
            foreach (var converter in BodiesJson.Options.Converters) o.SerializerOptions.Converters.Add(converter);
            o.SerializerOptions.UnmappedMemberHandling = BodiesJson.Options.UnmappedMemberHandling;
            o.SerializerOptions.NumberHandling = BodiesJson.Options.NumberHandling;
            o.SerializerOptions.RespectNullableAnnotations = o.SerializerOptions.RespectRequiredConstructorParameters = true;
        });
        services.AddProblemDetails();
        services.AddInterfaceDescription();
        services.AddAccess(ProviderSettings.Read(builder.Configuration));
        services.AddSingleton<Users>().AddSingleton<Sessions>().AddSingleton<AccessTrace>().AddHostedService(s => s.GetRequiredService<AccessTrace>());
        services.AddRequestLimit(builder.Configuration);
        services.AddProxies(builder.Configuration);
        services.AddSingleton(s => new RegisterMetrics(s.GetRequiredService<OpenStreams>()));
        builder.AddTelemetry();
        services.AddBroker(builder.Configuration);
        services.AddRazorComponents();

        var app = builder.Build();
        LogFollowers.Connect(store, app.Services);
        app.UseAccessTrace();
        app.UseAnswerHeaders();
        app.UseProblems();
        app.UseProblemsOfRouting();
        app.UseProxies();
        app.UseGuessLimit();
        app.UseAuthentication();
        app.UseRecognised();
        app.UseRateLimiter(); // After it is known who asks.
        app.UseAuthorization();
        app.UseRecentSignIn();
        app.Use((http, next) =>
        {
            // No query has a use for control characters, and PostgreSQL refuses some.
            if (http.Request.Query.FirstOrDefault(q => q.Value.Any(v => v is not null && v.Any(char.IsControl))) is { Key: { } odd }) throw Refusal.OfField($"?{odd}", "invalid-parameter");
            QueryParameters.MustBeKnown(http);
            return next(http);
        });
        app.MapHealth();
        app.MapSignIn();
        app.MapPages();
        app.MapCalendarFeeds();
        app.MapInterfaceDescription().Needs(Role.Reader);
        var api = app.MapGroup("/api");
        api.MapPartnerships();
        api.MapMeetings();
        api.MapActions();
        api.MapInstruments();
        api.MapPeople();
        api.MapErasures();
        api.MapOrganisations();
        api.MapSources();
        api.MapOccasions();
        api.MapMarkings();
        api.MapSearch();
        api.MapIntake();
        api.MapCalendar();
        api.MapAudit();
        api.MapLedger();
        api.MapOpenings();
        api.MapUsers();
        api.MapOutside();
        api.MapSessions();
        app.MapWitness(outside, store);
        return app;
    }

    /// <summary>The register's time zone.</summary>
    /// <param name="given">As it is configured; null: Morocco's.</param>
    /// <exception cref="StartRefused">There is none of that name.</exception>
    internal static TimeZoneInfo Zone(string? given) => (given ?? "Africa/Casablanca") is var id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone
        : throw new StartRefused($"Register__TimeZone: {id} is no time zone that this machine knows (such as Africa/Casablanca; on Debian they come with the package tzdata).");
}
