using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>
/// Stands between a store and PostgreSQL, byte for byte, and lets a test decide when what a client sends goes on, how much of it, and whether the client is
/// still there.
/// </summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string server;
    private readonly List<Link> links = [];

    /// <param name="serverFolder">The folder of PostgreSQL's socket.</param>
    public Wire(string serverFolder)
    {
        server = Path.Combine(serverFolder, ".s.PGSQL.5432");
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(Folder, ".s.PGSQL.5432")));
        listener.Listen();
        _ = Accept();
    }

    private string Folder { get; } = Directory.CreateTempSubdirectory("scsw").FullName;

    /// <summary>To a database, through here.</summary>
    public string Connection(TestDatabase database) => new NpgsqlConnectionStringBuilder(database.AppConnection) { Host = Folder }.ConnectionString;

    /// <summary>Is given what a store's writer sends, piece by piece as it was sent, and passes it on with <see cref="Link.Pass"/>.</summary>
    public Func<Link, ReadOnlyMemory<byte>, Task> OnWriterSends { get; set; } = (link, bytes) => link.Pass(bytes);

    /// <summary>Whether new connections are closed at once.</summary>
    public bool Refuses { get; set; }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var link = new Link(this, await listener.AcceptAsync(), new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
                links.Add(link);
                if (Refuses) link.Close();
                else _ = link.Run(server);
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        foreach (var link in links) link.Close();
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>One connection.</summary>
    internal sealed class Link(Wire wire, Socket client, Socket server)
    {
        private bool isWriter;
        private volatile bool silent, deaf;

        public async Task Run(string address)
        {
            try
            {
                await server.ConnectAsync(new UnixDomainSocketEndPoint(address));
                _ = Copy(server, client, bytes => silent ? Task.CompletedTask : Send(client, bytes), Close);
                await Copy(client, server, async bytes =>
                {
                    isWriter |= Contains(bytes, Database.WriterName);
                    if (deaf) return;
                    if (isWriter) await wire.OnWriterSends(this, bytes);
                    else await Pass(bytes);
                }, () => { if (!deaf) server.Shutdown(SocketShutdown.Send); });
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                Close();
            }
        }

        public Task Pass(ReadOnlyMemory<byte> bytes) => Send(server, bytes);

        /// <summary>As a network that is cut without either end's being told: from here on no answer arrives.</summary>
        public void LoseAnswers() => silent = true;

        /// <summary>The same both ways: the server hears nothing any more either, not even that the client is gone.</summary>
        public void LoseBoth() => silent = deaf = true;

        /// <summary>As if the client were killed: what it sent stays on its way.</summary>
        public void LoseClient() => client.Dispose();

        public void Close()
        {
            client.Dispose();
            server.Dispose();
        }

        private static async Task Copy(Socket from, Socket to, Func<ReadOnlyMemory<byte>, Task> pass, Action end)
        {
            var buffer = new byte[128 << 10];
            try
            {
                while (await from.ReceiveAsync(buffer) is > 0 and var read) await pass(buffer.AsMemory(0, read).ToArray());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // One of the two is gone.
            }
            try
            {
                end();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // So is the other.
            }
        }

        private static async Task Send(Socket to, ReadOnlyMemory<byte> bytes)
        {
            while (bytes.Length > 0) bytes = bytes[await to.SendAsync(bytes)..];
        }
    }

    public static bool Contains(ReadOnlyMemory<byte> bytes, string text) => bytes.Span.IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    /// <summary>How many bytes the messages up to and with the first Execute take: a batch sent so far has done its first statement.</summary>
    public static int ThroughFirstExecute(ReadOnlyMemory<byte> bytes)
    {
        var at = 0;
        while (true)
        {
            var type = bytes.Span[at];
            at += 1 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.Span[(at + 1)..]);
            if (type == 'E') return at;
        }
    }
}
