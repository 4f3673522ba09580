using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SecurityCoop.Ledger.Tests.Differential;

/// <summary>Forms in which two readers are likely to differ.</summary>
internal static class Odd
{
    private static readonly string[] values =
    [
        "null", "true", "false", "1", "0", "-1", "-0", "01", "1.0", "1e0", "4", "9007199254740991", "9007199254740992", "123456789012345678901234567890", "\"\"", "\"x\"", "\" \"",
        "{}", "[]", "[1]", "[{}]", "[null]", "[\"a\"]", "[\"a\",\"b\"]", "[\"b\",\"a\"]", "[\"a\",\"a\"]", "[\"\\u0001\"]", "\"\\u0000\"", "\"\\u001F\"", "\"\\u001f\"", "\"\\/\"", "\"\\ud800\"",
        "\"\U0001d518\"", "\"\\\\\"", "[\"\ufb33\",\"\U0001f600\"]", "[\"\U0001f600\",\"\ufb33\"]", "\"2026-02-30T00:00:00.000000Z\"", "\"2026-01-01T24:00:00.000000Z\"", "\"2026-01-01T00:00:60.000000Z\"",
        "\"0000-01-01T00:00:00.000000Z\"", "\"9999-12-31T23:59:59.999999Z\"", "\"٢٠٢٦-01-01T00:00:00.000000Z\"", "\"2026-01-01T00:00:00.00000０Z\"", "\"2026-01-01t00:00:00.000000z\"",
        "\"2026-01-01T00:00:00.000000Z\\n\"", "\"0192F0C4-0000-7000-8000-000000000001\"", "\"{0192f0c4-0000-7000-8000-000000000001}\"", "\"0192f0c400007000800000000000000001\"",
        "[[\"/name\",\"person-1\",\"" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" + "\"]]", "[[\"/name\",\"person-1\",\"" + "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF" + "\"]]",
        "[[\"/name\",\"person-1\",\"00\"]]", "[[\"name\",\"person-1\",null]]", "[[\"\",\"\",\"\"]]", "[[\"/name\",\"person-1\"]]",
    ];

    private static readonly string[] names =
    [
        "actor", "bdata", "body", "causation", "command_id", "corrects", "correlation", "credibility", "effective", "event_id", "folded", "groups", "log", "marking", "metadata", "on_behalf_of", "protected",
        "reason", "recorded_at", "reference", "schema", "source", "stream", "type", "v", "version", "other", "", "Actor",
    ];

    public static string Deep(int levels, string open = "[", string close = "]") => string.Concat(Enumerable.Repeat(open, levels)) + string.Concat(Enumerable.Repeat(close, levels));

    private static string Value(Random random) => random.Next(12) switch
    {
        0 => Deep(random.Next(60, 68)),
        1 => Deep(random.Next(60, 68), "{\"a\":[", "]}"),
        2 => Deep(random.Next(500, 3000)),
        _ => values[random.Next(values.Length)],
    };

    /// <summary>One member given another value, added where it belongs or elsewhere, taken out, or written twice.</summary>
    public static string Header(string header, Random random)
    {
        var (name, value) = (names[random.Next(names.Length)], Value(random));
        var members = Regex.Matches(header, "\"([a-z_]+)\":(\"[^\"]*\"|[0-9]+|\\[.*?\\]\\])").Select(m => (Name: m.Groups[1].Value, Value: m.Groups[2].Value)).ToList();
        var at = members.FindIndex(m => m.Name == name);
        switch (random.Next(6))
        {
            case 0 when at >= 0: members.RemoveAt(at); break;
            case 1 when at >= 0: members.Insert(at, (name, value)); break;
            case 2: members.Insert(random.Next(members.Count + 1), (name, value)); break;
            case 3: return header.Insert(random.Next(header.Length + 1), value);
            default:
                if (at >= 0) members[at] = (name, value);
                else
                {
                    members.Add((name, value));
                    members.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
                }
                break;
        }
        return $"{{{string.Join(',', members.Select(m => $"\"{m.Name}\":{m.Value}"))}}}";
    }

    public static string Body(string body, Random random) => random.Next(5) switch
    {
        0 => Value(random),
        1 => body.Replace("null", Value(random), StringComparison.Ordinal),
        2 => body.Replace("\"name\"", "\"nam\"", StringComparison.Ordinal),
        3 => $"{{\"a\":{Value(random)}}}",
        _ => body + Value(random),
    };

    /// <summary>The body of an event that ties keys, or nearly.</summary>
    public static string OwnBody(Random random, SigningKey key, SigningKey other, string note)
    {
        string Text() => random.Next(8) switch
        {
            0 => Value(random), 1 => $"\"{KeyText($"{key.Public}", random)}\"", 2 or 3 => $"\"{other.Public}\"", 4 => $"\"{other.Public.Name}\"",
            5 => $"\"{note.Replace("\n", "\\n", StringComparison.Ordinal)}\"", _ => $"\"{key.Public}\"",
        };
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (random.Next(2) == 0) (members["from"], members["to"]) = ($"\"{key.Public}\"", $"\"{other.Public}\"");
        else (members["agreesTo"], members["key"], members["origin"], members["previousKey"]) = (random.Next(3) == 0 ? Value(random) : "1", $"\"{other.Public}\"", $"\"{other.Public.Name}\"", $"\"{key.Public}\"");
        for (var times = random.Next(3); times > 0; times--)
        {
            string[] all = ["agreesTo", "from", "key", "origin", "other", "previous", "previousKey", "to"];
            var name = all[random.Next(all.Length)];
            if (random.Next(4) == 0) members.Remove(name);
            else members[name] = name == "previous" && random.Next(2) == 0 ? $"\"{note.Replace("\n", "\\n", StringComparison.Ordinal)}\"" : Text();
        }
        return random.Next(15) == 0 ? Value(random) : $"{{{string.Join(',', members.Select(m => $"\"{m.Key}\":{m.Value}"))}}}";
    }

    public static string CheckpointText(string text, Random random)
    {
        var lines = text.Split('\n');
        switch (random.Next(12))
        {
            case 0: lines[1] = "0" + lines[1]; break;
            case 1: lines[1] = "+" + lines[1]; break;
            case 2: lines[1] = string.Concat(lines[1].Select(c => (char)(c + '٠' - '0'))); break;
            case 3: lines[1] = new[] { "9223372036854775807", "9223372036854775808", "9999999999999999999", "18446744073709551616", "-1", " 1", "" }[random.Next(7)]; break;
            case 4: lines[2] = lines[2].TrimEnd('='); break;
            case 5: lines[2] = lines[2][..^2] + (char)(lines[2][^2] + 1) + "="; break;
            case 6: lines[0] += new[] { " ", "\u00a0", "+", "\t", "\r", "\u2028", "\ufffd", "\u0085" }[random.Next(8)]; break;
            case 7: return text + "extension\n";
            case 8: return text + "\nextension\n";
            case 9: return text + "\u2014 x AAAAAAAA\n";
            case 10: lines[0] = ""; break;
            default: return text[..^1];
        }
        return string.Join('\n', lines);
    }

    public static string Note(string note, Random random)
    {
        var line = note[note.LastIndexOf('\u2014')..];
        var stranger = SigningKey.Make("stranger").Sign("x\n"u8) + "\n";
        var wrong = line[..^6] + (line[^6] == 'A' ? 'B' : 'A') + line[^5..];
        return random.Next(14) switch
        {
            0 => note + line,
            1 => note + wrong,
            2 => note[..^line.Length] + wrong + line,
            3 => note + stranger,
            4 => note + string.Concat(Enumerable.Repeat(stranger, 99)),
            5 => note + string.Concat(Enumerable.Repeat(stranger, 100)),
            6 => note + "\n",
            7 => note[..^1],
            8 => note.Replace("\u2014", "-", StringComparison.Ordinal),
            9 => note.Replace("\u2014 ", "\u2014  ", StringComparison.Ordinal),
            10 => note + "\u2014 x+y AAAAAAAA\n",
            11 => note + $"\u2014 {new[] { "\u3000", "\ufeff", "\u180e", "\U0001f600", "\u200b", "\u0085", "\u001f", "\u2029" }[random.Next(8)]} AAAAAAAA\n",
            12 => note + "\u2014 x AAAA\n",
            _ => note + new string('x', 1_000_000 - Encoding.UTF8.GetByteCount(note) + random.Next(2)),
        };
    }

    public static byte[] Stamp(byte[] token, Random random)
    {
        var at = random.Next(token.Length);
        switch (random.Next(5))
        {
            case 0: return [.. token, 0];
            case 1: return token[..^1];
            case 2: return [token[0], 0x81, .. token[1..]];
            default:
                token[at] ^= (byte)(1 << random.Next(8));
                return token;
        }
    }

    public static string KeyText(string key, Random random)
    {
        var parts = key.Split('+', 3);
        string Of(byte type, byte[] bytes) => $"{parts[0]}+{Convert.ToHexStringLower(type == 2 ? SHA256.HashData(bytes)[..4] : SHA256.HashData([.. Encoding.UTF8.GetBytes(parts[0]), (byte)'\n', type, .. bytes])[..4])}+{Convert.ToBase64String([type, .. bytes])}";
        byte[] Ec(ECCurve curve)
        {
            using var ecdsa = ECDsa.Create(curve);
            return ecdsa.ExportSubjectPublicKeyInfo();
        }
        byte[] Shifted(byte[] spki)
        {
            spki[^1] ^= 1; // No point of the curve, or another.
            return spki;
        }
        var point = new byte[32];
        point[random.Next(32)] = (byte)random.Next(256);
        byte[] prime = [0xed, .. Enumerable.Repeat((byte)0xff, 30), 0x7f];
        return random.Next(12) switch
        {
            0 => $"{parts[0]}+{parts[1].ToUpperInvariant()}+{parts[2]}",
            1 => key + "\n",
            2 => key + "=",
            3 => Of(2, Ec(ECCurve.CreateFromFriendlyName("secp256k1"))),
            4 => Of(2, Ec(ECCurve.NamedCurves.brainpoolP256r1)),
            5 => Of(2, Ec(ECCurve.NamedCurves.nistP384)),
            6 => Of(2, Shifted(Ec(ECCurve.NamedCurves.nistP256))),
            7 => Of(2, [.. Convert.FromHexString("3039301306072a8648ce3d020106082a8648ce3d030107032200"), 0x02, .. Ec(ECCurve.NamedCurves.nistP256)[27..59]]),
            8 => Of(1, point),
            9 => Of(1, prime),
            10 => Of((byte)random.Next(6), Convert.FromBase64String(parts[2])[1..]),
            _ => Of(1, [1, .. new byte[30], 0x80]),
        };
    }
}
