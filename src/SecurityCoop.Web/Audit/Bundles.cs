using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using SecurityCoop.Store;
using SecurityCoop.Ledger;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Users;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Audit;

/// <summary>
/// Writes the bundle (docs/bundle.md) for one reader: what lies above the reader's clearance as its leaf alone, protected values opened only where the reader
/// asked for them and may see them.
/// </summary>
static class Bundles
{
    /// <param name="openings">Whether protected values are opened; whose they are must be recorded by then.</param>
    /// <param name="flush">Called after each page.</param>
    /// <param name="progress">Told of events written, and of how many.</param>
    public static async Task Write(
        RegisterStore store, SignedCheckpoint newest, ReaderRights reader, bool openings, IBufferWriter<byte> to, Func<Task> flush, Action<long, long>? progress, CancellationToken stop)
    {
        using var writer = new BundleWriter(to);
        var retained = await store.RetainedCheckpoints(newest.Checkpoint.Origin, newest.Checkpoint.Size, stop);
        foreach (var key in await KeysOf(store, [.. retained.Select(r => r.Note)], stop)) writer.Key(key);
        foreach (var (note, stamp) in retained)
        {
            writer.Checkpoint(note.ToBytes());
            if (stamp is not null) writer.TimeStamp(stamp);
        }
        var through = newest.Checkpoint.Size;
        await foreach (var page in store.Entries(through, stop))
        {
            var values = openings ? await store.Openings(page, stop) : null;
            var subjects = page.SelectMany(e => e.Header.Protected).Select(p => p.Subject).Distinct().ToList();
            var people = subjects.Count == 0 ? [] : (await store.RowsOf(RecordKinds.Person, subjects, stop)).ToDictionary(r => r.Key, r => r.Value as Person);
            var users = subjects.Where(UserKind.IsOfAccess).ToList() is { Count: > 0 } some
                ? (await store.RowsOf(RecordKinds.User, some, stop)).ToDictionary(r => r.Key, r => r.Value as User) : [];
            // Its bytes are written as they are signed: an event that names a hidden record is withheld too.
            List<string[]> named = reader.IsAll ? [] : [.. page.Select(Named)];
            var hidden = await store.HiddenOf(named.SelectMany(n => n), reader, stop);
            foreach (var (e, i) in page.Select((e, i) => (e, i)))
            {
                var names = !hidden.IsEmpty && named[i].Any(hidden.Contains);
                if (names || !hidden.Shows(e.Header)) writer.Leaf(e.Leaf);
                else
                {
                    writer.Event(e.HeaderBytes, e.Body);
                    foreach (var p in e.Header.Protected)
                    {
                        if ((people[p.Subject]?.Erased ?? users.GetValueOrDefault(p.Subject)?.Erased) is { } erased && erased.Position <= through && erased.Position > e.Position) writer.Value(Disposition.Erased);
                        // Names of users are no auditor's business.
                        else if (values is not null && !UserKind.IsOfAccess(p.Subject) && (people[p.Subject] is not { } person || reader.Cover(person))
                            && values.TryGetValue((e.Position, p.Pointer), out var opened)) writer.Value(Disposition.Opened, opened);
                        else writer.Value(Disposition.Withheld);
                    }
                }
                for (var level = 0; e.Position % (1L << (Tiles.Height * (level + 1))) == 0; level++)
                {
                    var tile = new TileId(level, (e.Position >> (Tiles.Height * (level + 1))) - 1);
                    writer.Tile(tile, await store.Tile(tile, Tiles.Width, stop) ?? throw new InvalidDataException($"Tile {level}/{tile.Index} is not full."));
                }
            }
            await flush();
            progress?.Invoke(page[^1].Position, through);
        }
        writer.End();
        await flush();

        static string[] Named(LedgerEntry e) =>
            [.. Visibility.StreamsOf(e.Header), .. Visibility.StreamsIn(JsonNode.Parse(e.Body)).Select(v => v.GetValue<string>())];
    }

    // Those that the log names, and of these the ones that signed something that is there.
    static async Task<IReadOnlyList<VerifierKey>> KeysOf(RegisterStore store, IReadOnlyList<Note> notes, CancellationToken stop)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in new[] { store.VerifierKey, store.NextVerifierKey })
            if (key is not null) named.Add(key.ToString());
        await foreach (var e in store.ReadStream(LedgerEvents.StreamOf(store.Log), stop: stop))
        {
            if (e.Event is LedgerKeyRotated rotated) named.UnionWith([rotated.From, rotated.To]);
            if (e.Event is LedgerOriginOpened opened) named.UnionWith(opened.PreviousKey is { } before ? [opened.Key, before] : [opened.Key]);
        }
        VerifierKey[] keys = [.. named.Select(VerifierKey.Parse)];
        var signed = notes.SelectMany(n => n.Signatures).Select(s => (s.Name, s.KeyId)).ToHashSet();
        return [.. keys.Where(k => signed.Contains((k.Name, k.Id)))];
    }

    /// <summary>The newest checkpoint, once it covers what was in the log at the call; after a moment's wait the newest there is.</summary>
    public static async Task<SignedCheckpoint?> Newest(RegisterStore store, CancellationToken stop)
    {
        var head = (await store.Head(stop)).Size;
        SignedCheckpoint? newest = null;
        for (var tries = 0; tries < 30; tries++)
        {
            newest = await store.NewestCheckpoint(stop);
            if (newest is not null && (newest.Checkpoint.Size >= head || store.Broken is not null)) break;
            await Task.Delay(100, stop);
        }
        return newest;
    }
}
