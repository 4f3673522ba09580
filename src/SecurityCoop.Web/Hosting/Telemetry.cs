using System.Diagnostics;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SecurityCoop.PrivateServer;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Hosting;

/// <summary>
/// Traces and metrics by OTLP, where an address for them is configured (`Register__Otlp`, or OpenTelemetry's own
/// OTEL_EXPORTER_OTLP_ENDPOINT); otherwise nothing of it is loaded.
/// </summary>
static class Telemetry
{
    /// <exception cref="StartRefused">Register__Otlp is no address.</exception>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var own = builder.Configuration["Register:Otlp"];
        if (string.IsNullOrEmpty(own) && string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;
        if (!string.IsNullOrEmpty(own) && !(Uri.TryCreate(own, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            throw new StartRefused($"Register__Otlp: {own} is no address such as http://127.0.0.1:4318.");
        Add(builder, string.IsNullOrEmpty(own) ? null : new(own));
    }

    // Apart, so that a host without telemetry loads none of its assemblies.
    static void Add(WebApplicationBuilder builder, Uri? address)
    {
        // Events of spans are exceptions, whose messages quote what was given; the log has them without.
        builder.Configuration["OTEL_SPAN_EVENT_COUNT_LIMIT"] = "0";
        builder.Services.AddHostedService<FollowerLag>();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("securitycoop", autoGenerateServiceInstanceId: true))
            .WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(o => o.Filter = http => !http.Request.Path.StartsWithSegments("/health"))
                .AddNpgsql().AddSource("Marten", "Wolverine")
                .AddProcessor(new WithoutContent())
                .AddOtlpExporter(o => Configure(o, address, "v1/traces")))
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation().AddRuntimeInstrumentation()
                .AddMeter("Npgsql", "Marten", "Wolverine*", StoreMetrics.Meter, RegisterMetrics.Meter)
                .AddOtlpExporter(o => Configure(o, address, "v1/metrics")));
    }

    static void Configure(OtlpExporterOptions options, Uri? address, string path)
    {
        if (address is null) return; // What OpenTelemetry's own variables say.
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new(new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), path);
    }
}

/// <summary>
/// Takes from a span, before it is exported, whatever may hold something of a request or of a record: addresses, queries, programs'
/// names, texts of statements, messages of exceptions.
/// What stays is listed, so that a library's next version adds nothing unseen.
/// </summary>
sealed class WithoutContent : BaseProcessor<Activity>
{
    static readonly HashSet<string> kept = new(StringComparer.Ordinal)
    {
        "http.request.method", "http.response.status_code", "http.route", "url.scheme", "network.protocol.version", "error.type", "server.port",
        "db.system", "db.system.name", "db.namespace", "db.operation.name", "db.response.status_code",
        "messaging.system", "messaging.destination", "messaging.message_type", "messaging.operation",
    };

    public override void OnStart(Activity data) => data.TraceStateString = null; // The caller's own.

    public override void OnEnd(Activity data)
    {
        foreach (var tag in data.TagObjects.Where(t => !kept.Contains(t.Key)).Select(t => t.Key).ToList()) data.SetTag(tag, null);
        data.SetStatus(data.Status); // Without its description.
    }
}
