using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SecurityCoop.Ledger;
using SecurityCoop.Verify;
using SecurityCoop.Web.Witnesses;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Witnesses;

/// <summary>Checkpoints stamped by OpenSSL's authority, over HTTP as RFC 3161 says.</summary>
public sealed class TimeStampTests(HostFixture host) : IClassFixture<HostFixture>, IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("tsa-").FullName;
    WebApplication? authority;
    byte[]? replay; // What the authority answers instead of a stamp of its own.

    string In(string name) => Path.Combine(folder, name);

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(In("tsa.cnf"), $"""
            [tsa]
            serial = {In("serial")}
            signer_digest = sha256
            default_policy = 1.2.3.4.1
            digests = sha256
            accuracy = secs:1
            [stamps]
            extendedKeyUsage = critical,timeStamping
            basicConstraints = CA:FALSE
            """);
        await OpenSsl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", In("ca.key"), "-out", In("ca.pem"), "-days", "30", "-subj", "/CN=Test root");
        await OpenSsl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", In("tsa.key"), "-out", In("tsa.csr"), "-subj", "/CN=Test authority");
        await OpenSsl("x509", "-req", "-in", In("tsa.csr"), "-CA", In("ca.pem"), "-CAkey", In("ca.key"), "-set_serial", "7", "-days", "30", "-extfile", In("tsa.cnf"), "-extensions", "stamps", "-out", In("tsa.pem"));
        await OpenSsl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", In("other.key"), "-out", In("other.pem"), "-days", "30", "-subj", "/CN=Another root");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        authority = builder.Build();
        authority.MapPost("/", async (HttpContext http) =>
        {
            http.Request.ContentType.ShouldBe("application/timestamp-query");
            await using (var query = File.Create(In("query"))) await http.Request.Body.CopyToAsync(query);
            await OpenSsl("ts", "-reply", "-config", In("tsa.cnf"), "-section", "tsa", "-queryfile", In("query"), "-signer", In("tsa.pem"), "-inkey", In("tsa.key"), "-out", In("reply"));
            return Results.Bytes(replay ?? await File.ReadAllBytesAsync(In("reply")), "application/timestamp-reply");
        });
        await authority.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (authority is not null) await authority.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    static async Task<string> OpenSsl(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error);
        return await output;
    }

    TimeStamping Stamping(string certificate)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPemFile(In(certificate));
        return new(host.Store, new OutsideOptions(null, [], [], new(new Uri(authority!.Urls.Single()), trusted)), NullLogger<TimeStamping>.Instance);
    }

    async Task<string> Signed()
    {
        var position = (await host.Http.Record("/api/sources", """{"title": "x"}""")).Position;
        for (var tries = 0; ; tries++)
        {
            if (await host.Store.NewestCheckpoint() is { } newest && newest.Checkpoint.Size >= position) return newest.Checkpoint.Text;
            tries.ShouldBeLessThan(1200, "nothing was signed");
            await Task.Delay(50);
        }
    }

    // One test, since what was stamped today is not stamped again.
    [Fact]
    public async Task A_checkpoint_a_day_is_stamped_by_whoever_is_trusted_and_by_nobody_else()
    {
        await Signed();
        (await Should.ThrowAsync<CryptographicException>(Stamping("other.pem").Stamp(default))).Message.ShouldContain("nobody vouches");
        replay = await File.ReadAllBytesAsync(In("reply")); // A stamp that was given for another question.
        await Should.ThrowAsync<CryptographicException>(Stamping("ca.pem").Stamp(default));
        replay = [];
        await Should.ThrowAsync<CryptographicException>(Stamping("ca.pem").Stamp(default));
        replay = null;
        (await host.Http.Read("/api/audit/timestamps")).Items.ShouldBeEmpty();

        var (before, text) = (DateTime.UtcNow.AddSeconds(-2), await Signed());
        (await Stamping("ca.pem").Stamp(default)).ShouldBeTrue();
        var stamp = (await host.Http.Read("/api/audit/timestamps")).Items.Single();
        stamp.GetProperty("size").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(text.Split('\n')[1]);
        stamp.GetProperty("origin").GetString().ShouldBe(text.Split('\n')[0]);
        stamp.GetProperty("stampedAt").GetDateTime().ShouldBeInRange(before, DateTime.UtcNow.AddSeconds(1));

        // OpenSSL reads what was kept.
        await File.WriteAllBytesAsync(In("token"), stamp.GetProperty("token").GetBytesFromBase64());
        await File.WriteAllTextAsync(In("text"), text);
        (await OpenSsl("ts", "-verify", "-data", In("text"), "-in", In("token"), "-token_in", "-CAfile", In("ca.pem"))).ShouldContain("Verification: OK");

        // So do we, with the authority's own certificate as well; not for another text, and not changed.
        Rfc3161TimestampToken.TryDecode(stamp.GetProperty("token").GetBytesFromBase64(), out var token, out _).ShouldBeTrue();
        var own = new X509Certificate2Collection();
        own.ImportFromPemFile(In("tsa.pem"));
        new TimeStamps(own).Verify(token!, Encoding.UTF8.GetBytes(text)).UtcDateTime.ShouldBe(stamp.GetProperty("stampedAt").GetDateTime());
        Should.Throw<CryptographicException>(() => new TimeStamps(own).Verify(token!, Encoding.UTF8.GetBytes(text + " ")));

        // The bundle carries it.
        using (var answer = await host.Http.GetAsync("/api/audit/bundle"))
        using (var check = new BundleCheck(host.Store.VerifierKey!, stamps: new TimeStamps(own).Read))
        {
            var stamped = check.Run(new MemoryStream(await answer.Content.ReadAsByteArrayAsync())).Stamped!;
            (stamped.Size, stamped.Stamp.IsTrusted, stamped.Stamp.By).ShouldBe((stamp.GetProperty("size").GetInt64(), true, "CN=Test authority"));
        }

        await Signed();
        (await Stamping("ca.pem").Stamp(default)).ShouldBeFalse("one a day");
        (await host.Http.Read("/api/audit/timestamps")).Items.Count.ShouldBe(1);
    }
}

/// <summary>A host of its own: one that has a stamp of today asks nobody.</summary>
public sealed class AwayTimeStampTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task An_authority_that_is_away_is_no_reason_to_stop()
    {
        await host.Http.Record("/api/sources", """{"title": "x"}""");
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=Nobody", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(host.Data, "nobody.pem");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        host.Settings["Register:TimeStamp:Url"] = "http://127.0.0.1:1/"; // nothing listens there
        host.Settings["Register:TimeStamp:Certificate"] = file;
        await host.Restart();
        for (var tries = 0; !host.Logs.Contains("could not be stamped", StringComparison.Ordinal); tries++)
        {
            tries.ShouldBeLessThan(1200, "nothing is said");
            await Task.Delay(50);
        }
        (await host.Http.Read("/api/sources")).Items.ShouldNotBeEmpty();
    }
}
