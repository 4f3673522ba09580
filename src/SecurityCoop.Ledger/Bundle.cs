using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.Ledger;

/// <summary>The records of a bundle (docs/bundle.md).</summary>
public static class Bundle
{
    /// <summary>The first bytes of the file.</summary>
    public static ReadOnlySpan<byte> Magic => "securitycoop-bundle 2\n"u8;

    /// <summary>Those of a bundle without time stamps, as it was written before.</summary>
    public static ReadOnlySpan<byte> Magic1 => "securitycoop-bundle 1\n"u8;

    public const byte Key = (byte)'K', Checkpoint = (byte)'C', TimeStamp = (byte)'S', Event = (byte)'E', Leaf = (byte)'L', Opened = (byte)'O', Withheld = (byte)'W', Erased = (byte)'X', Tile = (byte)'T', End = (byte)'Z';

    /// <summary>No record is longer.</summary>
    public const int Longest = 64 << 20;

    /// <summary>The record's type and, as big-endian uint32, the length of what follows.</summary>
    public const int Prefix = 5;
}

/// <summary>Writes a bundle: keys, checkpoints with their time stamps, then the events in order, each with its values and the tiles that it fills, then the end.</summary>
public sealed class BundleWriter : IDisposable
{
    private readonly IBufferWriter<byte> to;
    private readonly IncrementalHash frame = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long events;

    public BundleWriter(IBufferWriter<byte> to)
    {
        this.to = to;
        to.Write(Bundle.Magic);
        frame.AppendData(Bundle.Magic);
    }

    public void Key(VerifierKey key) => Write(Bundle.Key, Encoding.UTF8.GetBytes(key.ToString()), framed: true);

    public void Checkpoint(ReadOnlySpan<byte> note) => Write(Bundle.Checkpoint, note, framed: true);

    /// <summary>A time stamp of the checkpoint that was written last.</summary>
    /// <param name="token">TimeStampToken (RFC 3161), DER.</param>
    public void TimeStamp(ReadOnlySpan<byte> token) => Write(Bundle.TimeStamp, token, framed: true);

    public void Event(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        events++;
        var span = to.GetSpan(Bundle.Prefix + 3);
        span[0] = Bundle.Event;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)(3 + header.Length + body.Length));
        BinaryPrimitives.WriteUInt16BigEndian(span[5..], checked((ushort)header.Length));
        span[7] = 0x00; // What is hashed into the leaf begins here.
        to.Advance(8);
        to.Write(header);
        to.Write(body);
    }

    /// <summary>An event that the bundle's reader may not see.</summary>
    public void Leaf(ReadOnlySpan<byte> leaf)
    {
        events++;
        Write(Bundle.Leaf, leaf);
    }

    /// <param name="saltAndValue">Of an opened value.</param>
    public void Value(Disposition disposition, ReadOnlySpan<byte> saltAndValue = default)
    {
        switch (disposition)
        {
            case Disposition.Opened: Write(Bundle.Opened, saltAndValue); break;
            case Disposition.Withheld: Write(Bundle.Withheld, [], framed: true); break;
            case Disposition.Erased: Write(Bundle.Erased, [], framed: true); break;
        }
    }

    public void Tile(TileId tile, ReadOnlySpan<byte> hashes)
    {
        var payload = new byte[9 + hashes.Length];
        payload[0] = (byte)tile.Level;
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(1), tile.Index);
        hashes.CopyTo(payload.AsSpan(9));
        Write(Bundle.Tile, payload);
    }

    public void End()
    {
        var payload = new byte[40];
        BinaryPrimitives.WriteInt64BigEndian(payload, events);
        frame.GetHashAndReset(payload.AsSpan(8));
        Write(Bundle.End, payload);
    }

    private void Write(byte type, ReadOnlySpan<byte> payload, bool framed = false)
    {
        Span<byte> prefix = stackalloc byte[Bundle.Prefix];
        prefix[0] = type;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)payload.Length);
        to.Write(prefix);
        to.Write(payload);
        if (!framed) return;
        frame.AppendData(prefix);
        frame.AppendData(payload);
    }

    public void Dispose() => frame.Dispose();
}
