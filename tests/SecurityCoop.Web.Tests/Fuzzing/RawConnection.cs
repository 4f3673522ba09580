using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SecurityCoop.Web.Tests.Fuzzing;

/// <summary>How a request's body is delimited.</summary>
enum Framing
{
    /// <summary>By Content-Length.</summary>
    Length,
    /// <summary>In chunks.</summary>
    Chunked,
    /// <summary>In chunks, of which one has a size that is no number.</summary>
    BrokenChunk,
    /// <summary>In chunks without the last one, after which the client ends its side of the connection.</summary>
    UnendedChunks,
    /// <summary>Content-Length promises more than comes before the client ends its side.</summary>
    Truncated,
    /// <summary>By Content-Length and in chunks, which contradict each other.</summary>
    Both,
    /// <summary>A Content-Length that is no number.</summary>
    BadLength,
    /// <summary>Nothing says that there is a body.</summary>
    None,
}

/// <summary>A request as its bytes are sent.</summary>
/// <param name="Target">Path and query, as they stand in the request line.</param>
/// <param name="Headers">Beside Host and those that delimit the body.</param>
sealed record RawRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, Framing Framing)
{
    /// <summary>Whether the server may end the connection without an answer: the request is not whole.</summary>
    public bool IsCutOff => Framing is Framing.Truncated or Framing.UnendedChunks;

    public byte[] Bytes(string host)
    {
        var head = new StringBuilder($"{Method} {Target} HTTP/1.1\r\nHost: {host}\r\n");
        foreach (var (name, value) in Headers) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        var length = Body.Length.ToString(CultureInfo.InvariantCulture);
        head.Append(Framing switch
        {
            Framing.Length => $"Content-Length: {length}\r\n",
            Framing.Truncated => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length + 100}\r\n"),
            Framing.Both => $"Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n",
            Framing.BadLength => $"Content-Length: -{length}x\r\n",
            Framing.None => "",
            _ => "Transfer-Encoding: chunked\r\n",
        });
        head.Append("\r\n");
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.UTF8.GetBytes(head.ToString()));
        if (Framing is not (Framing.Chunked or Framing.BrokenChunk or Framing.UnendedChunks or Framing.Both))
        {
            bytes.Write(Body);
            return bytes.ToArray();
        }
        for (var (at, size) = (0, 1); at < Body.Length; at += size, size = Math.Min(size * 3, 4096))
        {
            size = Math.Min(size, Body.Length - at);
            bytes.Write(Encoding.ASCII.GetBytes($"{size:x}{(at % 2 == 0 ? "" : ";extension=1")}\r\n"));
            bytes.Write(Body, at, size);
            bytes.Write("\r\n"u8);
        }
        bytes.Write(Framing switch { Framing.BrokenChunk => "zz\r\n\r\n"u8, Framing.UnendedChunks => "ff\r\nab"u8, _ => "0\r\n\r\n"u8 });
        return bytes.ToArray();
    }
}

/// <param name="Status">0: the server ended the connection without an answer.</param>
/// <param name="Text">The body; of an answer without an end, nothing.</param>
sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Text);

/// <summary>A connection on which requests are sent as bytes, so that they may be such as no client library sends; opened anew where the
/// server ended it.</summary>
sealed class RawConnection(IPEndPoint server) : IDisposable
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(30);
    readonly byte[] buffer = new byte[64 * 1024];
    Socket? socket;
    int start, end;

    /// <exception cref="TimeoutException">No whole answer within half a minute.</exception>
    public async Task<RawAnswer> Send(RawRequest request)
    {
        if (socket is null)
        {
            (socket, start, end) = (new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, 0, 0);
            await socket.ConnectAsync(server);
        }
        using var limit = new CancellationTokenSource(patience);
        var writing = Write(socket, request, limit.Token);
        RawAnswer answer;
        var keep = false;
        try
        {
            (answer, keep) = await Read(request.Method == "HEAD", limit.Token);
            if (!writing.IsCompleted) keep = false; // Answered before all of it was sent: what is left would be read as the next request.
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            answer = new(0, new Dictionary<string, string>(), "");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No answer to {request.Method} {request.Target[..Math.Min(200, request.Target.Length)]} ({request.Framing}).");
        }
        if (!keep || request.Framing != Framing.Length) Close();
        await writing;
        return answer;
    }

    async Task Write(Socket to, RawRequest request, CancellationToken stop)
    {
        try
        {
            for (ReadOnlyMemory<byte> left = request.Bytes($"127.0.0.1:{server.Port}"); left.Length > 0;) left = left[await to.SendAsync(left, stop)..];
            if (request.IsCutOff) to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The server took no more of it; what it answered is read all the same.
        }
    }

    async Task<(RawAnswer, bool Keep)> Read(bool isHead, CancellationToken stop)
    {
        while (true)
        {
            var status = int.Parse((await Line(stop)).Split(' ')[1], CultureInfo.InvariantCulture);
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var line = await Line(stop); line != ""; line = await Line(stop))
                headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            if (status is >= 100 and < 200) continue;
            var keep = !(headers.TryGetValue("Connection", out var connection) && connection.Contains("close", StringComparison.OrdinalIgnoreCase));
            if (headers.TryGetValue("Content-Type", out var type) && type.StartsWith("text/event-stream", StringComparison.Ordinal)) return (new(status, headers, ""), false);
            if (isHead || status is 204 or 304) return (new(status, headers, ""), keep);
            using var body = new MemoryStream();
            if (headers.TryGetValue("Content-Length", out var length)) await Take(int.Parse(length, CultureInfo.InvariantCulture), body, stop);
            else if (headers.ContainsKey("Transfer-Encoding"))
                while (true)
                {
                    var size = int.Parse(await Line(stop), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    await Take(size, body, stop);
                    await Line(stop);
                    if (size == 0) break;
                }
            return (new(status, headers, Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length)), keep);
        }
    }

    async Task<string> Line(CancellationToken stop)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (start == end) await Fill(stop);
            var c = (char)buffer[start++];
            if (c == '\n') return line.ToString();
            if (c != '\r') line.Append(c);
        }
    }

    async Task Take(int count, Stream to, CancellationToken stop)
    {
        for (var left = count; left > 0;)
        {
            if (start == end) await Fill(stop);
            var some = Math.Min(left, end - start);
            to.Write(buffer, start, some);
            (start, left) = (start + some, left - some);
        }
    }

    async Task Fill(CancellationToken stop)
    {
        (start, end) = (0, await socket!.ReceiveAsync(buffer, stop));
        if (end == 0) throw new EndOfStreamException();
    }

    void Close()
    {
        socket?.Dispose();
        socket = null;
    }

    public void Dispose() => Close();
}
