using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SecurityCoop.Register;
using SecurityCoop.Register.Sources;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Readers of the stream of events that take nothing of large events, which histories from before there were limits may hold.</summary>
[Collection(nameof(Alone))]
public sealed class SlowStreamTests(HostFixture host, ITestOutputHelper output) : IClassFixture<HostFixture>
{
    const int Readers = 400, Events = 12, Size = 800_000;
    const double MostMebibytes = 1500;

    [Fact]
    public async Task Four_hundred_readers_who_take_nothing_of_large_events_hold_little_memory()
    {
        for (var i = 0; i < Events; i++)
        {
            var (command, source) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var registered = new SourceRegistered { Title = new string('x', Size) };
            await host.Store.Append(new(command, [new($"source-{source}", "source", 0,
                [new(Guid.CreateVersion7(), registered, new("test", command, "open"))], ReferencePrefix: "SRC")]));
        }
        var before = Held();
        var sockets = new List<Socket>();
        var statuses = new List<string>();
        for (var i = 0; i < Readers; i++)
        {
            var token = i % OpenStreams.OfCaller == 0 ? await host.NewToken($"slow-{i}", Marking.Open, Role.Auditor) : null;
            tokens.Add(token ?? tokens[^1]);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
            await socket.ConnectAsync(IPAddress.Loopback, new Uri(host.Address).Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/events?after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tokens[^1]}\r\n\r\n"));
            var head = new byte[12];
            await socket.ReceiveAsync(head);
            statuses.Add(Encoding.ASCII.GetString(head)[9..]);
            sockets.Add(socket);
        }
        var most = 0.0;
        for (var until = DateTime.UtcNow.AddSeconds(5); DateTime.UtcNow < until; await Task.Delay(100)) most = Math.Max(most, Held() - before);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{most:0} MiB more"));
        statuses.Count(s => s == "200").ShouldBe(OpenStreams.InAll);
        statuses.Count(s => s == "503").ShouldBe(Readers - OpenStreams.InAll);
        (await host.Http.Record("/api/sources", """{"title": "as ever"}""")).Events.ShouldBe(["source_registered"]);
        sockets.ForEach(s => s.Dispose());
        most.ShouldBeLessThan(MostMebibytes);
    }

    readonly List<string> tokens = [];

    // What is held after a collection: the process's pages also count what other tests left behind.
    static double Held() => GC.GetTotalMemory(forceFullCollection: true) / 1048576.0;
}
