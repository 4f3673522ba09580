using System.Text;

namespace SecurityCoop.Ledger.Tests.Differential;

/// <summary>A bundle to be judged.</summary>
/// <param name="What">What was done to it.</param>
/// <param name="Key">The key that the auditor gives.</param>
/// <param name="Genuine">Size and root (base64) of what that key, or one that it leads to, really signed: only these may be called sound. Null where the register's own key signed what was crafted.</param>
public sealed record CraftedBundle(string What, byte[] Bundle, string Key, IReadOnlySet<(long, string)>? Genuine, byte[]? Kept = null);

/// <summary>Makes bundles from a seed: genuine ones with bytes, records or members changed, and forged ones. The same seed makes the same bundles, but for ECDSA's random signatures.</summary>
public sealed class Crafter(int seed)
{
    private readonly Random random = new(seed);

    public CraftedBundle Next() => random.Next(10) switch
    {
        0 or 1 => Mutant(),
        2 => Structure(),
        3 or 4 => Member(),
        5 => OwnEvent(),
        6 => Text(),
        7 => Unopened(),
        _ => Forgery(),
    };

    private T One<T>(params IReadOnlyList<T> of) => of[random.Next(of.Count)];

    private bool Half => random.Next(2) == 0;

    private SigningKey Key(string name = Draft.Origin)
    {
        var secret = new byte[32];
        random.NextBytes(secret);
        var hash = new VerifierKey(name, KeyType.Ed25519, Ed25519.PublicKey(secret)).Id;
        return SigningKey.Parse($"PRIVATE+KEY+{name}+{hash:x8}+{Convert.ToBase64String([0x01, .. secret])}");
    }

    private static IReadOnlySet<(long, string)> Signed(Draft draft, params IReadOnlyCollection<SigningKey> by) => draft.Checkpoints
        .Where(c => c.Root is null && c.By.Any(by.Contains)).Select(c => (c.Size, Convert.ToBase64String(draft.RootAt(c.Size)))).ToHashSet();

    // A history as the register writes it: records, values, perhaps a rotation or a new origin, perhaps withheld events.
    private (Draft Draft, SigningKey[] Keys) Genuine()
    {
        var (draft, first, next) = (new Draft { Form = random.Next(5) == 0 ? 1 : 2 }, Key(), Key(One(Draft.Origin, Draft.Origin + "/2")));
        Some(draft).Sign(first);
        if (Half) return (draft, [first]);
        if (next.Public.Name == Draft.Origin)
        {
            Some(draft.Rotated(first, next)).Sign(first, next);
            if (Half) Some(draft).Sign(next);
        }
        else
        {
            Some(draft);
            draft.Checkpoints.Add(new(Draft.Origin, draft.Events.Count, new byte[32], [first]));
            Some(draft.Opened(next, draft.Checkpoints[0].Size, first)).Sign(next);
        }
        return (draft, [first, next]);
    }

    private Draft Some(Draft draft)
    {
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            var stream = $"sample-{random.Next(3)}";
            if (random.Next(4) > 0) draft.Add(stream, withheld: random.Next(6) == 0);
            else draft.Add(stream, values: [("/name", "person-1", One(Bundle.Opened, Bundle.Withheld, Bundle.Erased)), ("/phone", "person-2", Bundle.Withheld)]);
        }
        return draft.Events.Any(e => e.Values.Any(v => v.Type == Bundle.Erased)) ? draft.Add("person-1", One("person_erased", "user_erased"), "{}") : draft;
    }

    private CraftedBundle Mutant()
    {
        var (draft, keys) = Genuine();
        draft.Checkpoints[^1] = draft.Checkpoints[^1] with { Stamp = Half && draft.Form == 2 ? TestAuthority.Unsigned : null };
        var bytes = draft.Build().ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes.RemoveAt(at); break;
                case 1: bytes.Insert(at, (byte)random.Next(256)); break;
                case 2: bytes.RemoveRange(at, bytes.Count - at); break;
                case 3: bytes[at] = One<byte>(0, 1, (byte)'"', (byte)'0', (byte)'A', 0x7f, 0x80, 0xff); break;
                default: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            }
            if (bytes.Count == 0) break;
        }
        return new("bytes changed", [.. bytes], $"{keys[^1].Public}", Signed(draft, keys));
    }

    private CraftedBundle Structure()
    {
        var (draft, keys) = Genuine();
        draft.Records = records =>
        {
            for (var times = random.Next(1, 3); times > 0 && records.Count > 0; times--)
            {
                var (at, to) = (random.Next(records.Count), random.Next(records.Count));
                switch (random.Next(6))
                {
                    case 0: records.RemoveAt(at); break;
                    case 1: records.Insert(to, records[at]); break;
                    case 2: (records[at], records[to]) = (records[to], records[at]); break;
                    case 3: records[at] = records[at] with { Type = One((byte[])[.. "KCSELOWXTZ?"u8]) }; break;
                    case 4: records[at] = records[at] with { Payload = records[at].Payload[..random.Next(records[at].Payload.Length + 1)] }; break;
                    default: records.Insert(to, (One((byte[])[.. "KCSELOWXTZ?"u8]), new byte[One(0, 1, 2, 3, 32, 33, 40, 8201)])); break;
                }
            }
        };
        return new("records moved", draft.Build(), $"{keys[^1].Public}", Signed(draft, keys));
    }

    // Signed by the register's own key after the change: what is judged is the form alone.
    private CraftedBundle Member()
    {
        var (draft, keys) = Genuine();
        var open = Enumerable.Range(0, draft.Events.Count).Where(i => !draft.Events[i].Withheld).ToList();
        if (open.Count == 0) return Member();
        var at = One(open);
        var (header, body) = (draft.Events[at].Header, Encoding.UTF8.GetString(draft.Events[at].Body));
        if (random.Next(4) == 0)
        {
            var changed = Odd.Body(body, random);
            header = header.Replace(Draft.Digest(body), Draft.Digest(changed), StringComparison.Ordinal);
            body = changed;
        }
        else header = Odd.Header(header, random);
        if (Encoding.UTF8.GetByteCount(header) > ushort.MaxValue) return Member();
        draft.Events[at] = draft.Events[at] with { Header = header, Body = Encoding.UTF8.GetBytes(body) };
        return new($"event {at + 1} has the header {header} and the body {body}", draft.Build(), $"{keys[^1].Public}", null);
    }

    private CraftedBundle OwnEvent()
    {
        var (draft, key, other) = (new Draft(), Key(), Key(One(Draft.Origin, Draft.Origin + "/2", "x")));
        Some(draft).Sign(key);
        var body = Odd.OwnBody(random, key, other, Encoding.UTF8.GetString(draft.NoteOf(draft.Checkpoints[0])));
        draft.Own(One(LedgerKeyRotated.Name, LedgerOriginOpened.Name, "ledger_other"), body);
        draft.Sign(Half ? [key] : Half ? [other] : [key, other]);
        if (Half) Some(draft).Sign(One(key, other));
        return new($"the ledger's own event has the body {body}", draft.Build(), $"{One(key, other).Public}", null);
    }

    // Notes and keys in other forms, where the register's own key signed the text.
    private CraftedBundle Text()
    {
        var (draft, keys) = Genuine();
        var at = random.Next(draft.Checkpoints.Count);
        switch (random.Next(4))
        {
            case 0: draft.Checkpoints[at] = draft.Checkpoints[at] with { Text = t => Odd.CheckpointText(t, new(random.Next())) }; break;
            case 1: draft.Checkpoints[at] = draft.Checkpoints[at] with { Signed = t => Odd.Note(t, new(random.Next())) }; break;
            case 2: draft.Checkpoints[at] = draft.Checkpoints[at] with { Stamp = t => Odd.Stamp(TestAuthority.Unsigned(t), new(random.Next())) }; break;
            default: draft.Keys[random.Next(draft.Keys.Count)] = Odd.KeyText(One(draft.Keys), random); break;
        }
        return new("a note or a key is of another form", draft.Build(), $"{keys[^1].Public}", null, Half ? draft.NoteOf(draft.Checkpoints[0]) : null);
    }

    // Withheld events, missing versions and erasures in any order.
    private CraftedBundle Unopened()
    {
        var (draft, key) = (new Draft(), Key());
        for (var left = random.Next(2, 12); left > 0; left--)
        {
            var person = $"person-{random.Next(3)}";
            if (random.Next(3) == 0) draft.Add(One("sample-0", person), values: [("/name", $"person-{random.Next(3)}", One(Bundle.Erased, Bundle.Erased, Bundle.Withheld))]);
            else draft.Add(One("sample-0", person, person), One("person_erased", "user_erased", "sample_noted"), withheld: random.Next(3) > 0);
        }
        return new("values are unopened", draft.Sign(key).Build(), $"{key.Public}", null);
    }

    private (SigningKey, SigningKey) Two(SigningKey[] of, bool sameName)
    {
        while (true)
        {
            var (one, other) = (One(of), One(of));
            if (one != other && (one.Public.Name == other.Public.Name) == sameName) return (one, other);
        }
    }

    /// <summary>A history that the given key did not sign, tied to it by whatever events the forger likes to write.</summary>
    private CraftedBundle Forgery()
    {
        var (genuine, keys) = Genuine();
        var forgers = new[] { Key(), Key(One(Draft.Origin + "/2", Draft.Origin + "/3", "securitycoop/evil")), Key("securitycoop/evil") };
        // A key that was replaced may have become known, and is the forger's then; whoever was given the next one is to be safe from them.
        var isStolen = keys.Length > 1 && random.Next(3) == 0;
        var given = isStolen ? keys[^1] : One(keys);
        if (isStolen) forgers = [.. forgers, keys[0]];
        var draft = Half ? genuine.Copy() : new Draft();
        // What is genuine may be taken along: keys, and checkpoints that fit only the genuine tree.
        if (draft.Events.Count == 0)
            foreach (var c in genuine.Checkpoints.Where(_ => Half))
            {
                draft.Checkpoints.Add(c with { Note = genuine.NoteOf(c) });
                draft.Keys.AddRange(c.By.Select(k => $"{k.Public}").Except(draft.Keys));
            }
        var all = keys.Concat(forgers).ToArray();
        for (var left = random.Next(1, 5); left > 0; left--)
            switch (random.Next(4))
            {
                case 0:
                    var (from, to) = Two(all, sameName: true);
                    draft.Rotated(from, to);
                    break;
                case 1:
                    var (before, key) = Two(all, sameName: false);
                    draft.Opened(key, random.Next(draft.Events.Count + 1), random.Next(4) == 0 ? null : before);
                    break;
                case 2: draft.Add("partnership-GB", "partnership_opened", "{\"partner\":\"FORGED\"}"); break;
                default: draft.Sign(One(forgers)); break;
            }
        draft.Add("partnership-GB", "partnership_opened", "{\"partner\":\"FORGED\"}");
        draft.Sign(isStolen && Half ? keys[0] : One(forgers));
        DraftCheckpoint[] inOrder = [.. draft.Checkpoints.OrderBy(c => c.Size)];
        draft.Checkpoints.Clear();
        draft.Checkpoints.AddRange(inOrder);
        return new("forged", draft.Build(), $"{given.Public}", Signed(genuine, keys), Half ? genuine.NoteOf(genuine.Checkpoints[0]) : null);
    }
}
