using Npgsql;

namespace SecurityCoop.Store.Tests;

public sealed class PartnerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Documents_are_found_by_every_partner_that_they_ever_concerned_through_the_index()
    {
        var store = await database.Open();
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Opened("a", ["SE"])));
        await store.Append(Sample.To(Sample.NewStream(), 0, new Opened("b", ["FI"])));
        await store.Append(Sample.To(stream, 1, new Opened("a", ["FI"])));

        foreach (var (partner, found) in new[] { ("SE", 1), ("FI", 2), ("XX", 0) })
            (await store.Rows(Sample.Kind(), about: partner).CountAsync()).ShouldBe(found);

        // Of so few rows PostgreSQL reads all rather than the index, unless it is told not to.
        await using var connection = new NpgsqlConnection(database.OwnerConnection + ";Options=-c enable_seqscan=off");
        await connection.OpenAsync();
        var where = RecordQueries.Concerning.Replace("[?]", "['SE']", StringComparison.Ordinal);
        await using var explain = new NpgsqlCommand($"explain select d.data from register.mt_doc_sample d {where}", connection);
        var plan = new List<string>();
        await using (var reader = await explain.ExecuteReaderAsync())
            while (await reader.ReadAsync()) plan.Add(reader.GetString(0));
        string.Join('\n', plan).ShouldContain("mt_doc_sample_idx_partners");
    }

    [Fact]
    public async Task A_commit_is_answered_where_folding_it_into_what_is_kept_of_a_partner_fails()
    {
        var isBroken = false;
        var fold = new PartnerFold([Sample.Kind()], _ => 0, (sum, rows) =>
            isBroken && (int)sum > 0 ? throw new InvalidOperationException("a fold that fails") : (int)sum + rows.Count());
        var store = await database.Open(options: new() { Partners = fold });
        await store.Append(Sample.To(Sample.NewStream(), 0, new Opened("a", ["DE"])));
        ((int)(await store.OfPartner("DE")).Fold).ShouldBe(1);

        isBroken = true;
        await store.Append(Sample.To(Sample.NewStream(), 0, new Opened("b", ["DE"]))).WaitAsync(TimeSpan.FromSeconds(20));
        ((int)(await store.OfPartner("DE")).Fold).ShouldBe(2);
    }

    [Fact]
    public async Task What_was_not_asked_for_the_longest_is_forgotten_and_read_anew()
    {
        var fold = new PartnerFold([Sample.Kind()], _ => 0, (sum, rows) => (int)sum + rows.Count());
        var store = await database.Open(options: new() { Partners = fold, MostDocumentsKept = 4 });
        foreach (var partner in new[] { "AT", "BE", "CZ" })
            for (var i = 0; i < 2; i++) await store.Append(Sample.To(Sample.NewStream(), 0, new Opened($"{partner}{i}", [partner])));

        async Task<int> Ask(string partner) => (int)(await store.OfPartner(partner)).Fold;
        (await Ask("AT"), await Ask("BE"), await Ask("AT")).ShouldBe((2, 2, 2));
        store.KeptPartners.ShouldBe(["AT", "BE"], ignoreOrder: true);
        (await Ask("CZ")).ShouldBe(2);
        store.KeptPartners.ShouldBe(["AT", "CZ"], ignoreOrder: true);

        // What this process commits counts as well, and the partner that is left alone is the one of the commit.
        await store.Append(Sample.To(Sample.NewStream(), 0, new Opened("AT2", ["AT"])));
        store.KeptPartners.ShouldBe(["AT"]);
        (await Ask("AT"), await Ask("BE")).ShouldBe((3, 2));
    }
}
