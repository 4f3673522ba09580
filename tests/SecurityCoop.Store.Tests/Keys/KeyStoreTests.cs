using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store.Tests;

/// <summary>The same with keys in a database of their own.</summary>
public sealed class KeyDatabaseTests(TestDatabase database) : ProtectedValueTests(database)
{
    protected override async ValueTask Prepare() => await Database.UseKeyDatabase();

    protected override async Task<byte[]> Lose(string subject)
    {
        await using var keys = Npgsql.NpgsqlDataSource.Create(Database.KeyDatabase!);
        await using var lose = keys.CreateCommand($"delete from securitycoop_keys.subject_key where subject = '{subject}' returning wrapped");
        return (byte[])(await lose.ExecuteScalarAsync())!;
    }

    protected override async Task PutBack(string subject, byte[] wrapped)
    {
        await using var keys = Npgsql.NpgsqlDataSource.Create(Database.KeyDatabase!);
        var log = await Database.Scalar<Guid>("select log from register.log_head");
        await using var put = keys.CreateCommand($"insert into securitycoop_keys.subject_key (log, subject, wrapped) values ('{log}', '{subject}', '\\x{Convert.ToHexStringLower(wrapped)}')");
        (await put.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    protected override async Task<bool> IsThere(string subject)
    {
        await using var keys = Npgsql.NpgsqlDataSource.Create(Database.KeyDatabase!);
        await using var count = keys.CreateCommand($"select count(*) from securitycoop_keys.subject_key where subject = '{subject}'");
        return (long)(await count.ExecuteScalarAsync())! == 1;
    }

    [Fact]
    public async Task The_database_of_the_keys_holds_them_wrapped_and_the_folder_none()
    {
        var (subject, _) = await Describe(await Database.Open());
        var (key, wrapped) = ((await Keys()).Find(subject)!, await Lose(subject));
        await PutBack(subject, wrapped);
        (wrapped.Length, wrapped.AsSpan().IndexOf(key)).ShouldBe((12 + 32 + 16, -1));
        Directory.GetFiles(Path.Combine(Database.KeyFolder, "subjects")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Hosts_that_make_the_keys_of_one_fresh_folder_at_once_agree_on_them()
    {
        for (var round = 0; round < 20; round++)
        {
            var folder = Directory.CreateTempSubdirectory("keys-").FullName;
            using var together = new Barrier(8);
            var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    var keys = KeyFolder.Open(folder, mayMake: true);
                    return Convert.ToHexString([.. keys.Hmac("a key"u8), .. keys.FindOrMake("person-shared")]);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            made.Distinct().ShouldHaveSingleItem();
            Directory.GetFiles(folder, ".*").ShouldBeEmpty("no draft is left");
            Directory.Delete(folder, recursive: true);
        }
    }

    // A host with a folder of its own goes over to the database; another that was given a copy of the folder follows, and nobody goes back unseen.
    [Fact]
    public async Task Keys_move_from_a_folder_into_the_database_and_are_found_by_every_host_with_the_same_master_key()
    {
        await using var alone = new TestDatabase(Database.Cluster);
        await alone.InitializeAsync();
        var files = await alone.Open();
        var ((subject, e), (gone, other)) = (await Describe(files), await Describe(files));
        files.DestroyKey(gone);
        var copy = alone.KeyFolder + "-copy";
        Copy(alone.KeyFolder, copy);

        var elsewhere = await alone.UseKeyDatabase();
        var moved = await alone.Open();
        Directory.GetFiles(Path.Combine(alone.KeyFolder, "subjects")).ShouldBeEmpty();
        (await moved.Open(e, "/name"))!.Value.GetString().ShouldBe(Name);
        (await moved.Open(other, "/name")).ShouldBeNull();
        await using var second = await RegisterStore.Open(alone.AppConnection, Sample.Model(), copy, new() { KeyDatabase = elsewhere });
        var (later, made) = await Describe(second);
        (await moved.Open(made, "/phone"))!.Value.GetString().ShouldBe(Phone);
        moved.DestroyKey(later).ShouldBeTrue();
        (await second.Open(made, "/phone")).ShouldBeNull();
        (await Should.ThrowAsync<SubjectErased>(second.Append(Sample.To(Sample.NewStream(), 0, new Described(new(gone, "again"), null))))).Subject.ShouldBe(gone);

        (await Refused(copy, null)).ShouldContain("Register__KeyDatabase must name it");
        (await Refused(alone.KeyFolder, alone.AppConnection)).ShouldContain("a register's own database");
        (await Refused(alone.KeyFolder, Database.Cluster.ConnectionString(await Database.Cluster.NewDatabase(), TestCluster.Owner))).ShouldContain("not one of their keys is in the database that Register__KeyDatabase names");
        moved.KeysBesideTheLog.ShouldBeTrue("of the tests' one server");
        files.KeysBesideTheLog.ShouldBeFalse();
        Directory.Delete(copy, recursive: true);

        async Task<string> Refused(string folder, string? keys) =>
            (await Should.ThrowAsync<StartRefused>(RegisterStore.Open(alone.AppConnection, Sample.Model(), folder, new() { KeyDatabase = keys }))).Message;
    }

    // Two hosts with copies of one folder: what each makes afterwards, the other does not have.
    [Fact]
    public async Task Hosts_with_folders_of_their_own_are_told_so_and_part_nobodys_values()
    {
        await using var alone = new TestDatabase(Database.Cluster);
        await alone.InitializeAsync();
        var first = await alone.Open();
        await Describe(first);
        var copy = alone.KeyFolder + "-copy";
        Copy(alone.KeyFolder, copy);
        await using var second = await RegisterStore.Open(alone.AppConnection, Sample.Model(), copy);
        var (subject, e) = await Describe(first);
        (await second.Open(e, "/name")).ShouldBeNull();
        (await Should.ThrowAsync<SubjectKeyMissing>(second.Append(Sample.To(Sample.NewStream(), 0, new Described(new(subject, "of the other"), null))))).Subject.ShouldBe(subject);
        (await first.Open(e, "/name"))!.Value.GetString().ShouldBe(Name);

        var own = alone.KeyFolder + "-own";
        var refused = await Should.ThrowAsync<StartRefused>(RegisterStore.Open(alone.AppConnection, Sample.Model(), own));
        refused.Message.ShouldContain("its keys are not in");
        Copy(alone.KeyFolder, own);
        foreach (var file in Directory.GetFiles(Path.Combine(own, "subjects"))) File.Delete(file);
        (await Should.ThrowAsync<StartRefused>(RegisterStore.Open(alone.AppConnection, Sample.Model(), own))).Message.ShouldContain("not one of their keys is in");

        // Both go over to one database. Where each made a key of its own for one subject, none is thrown away.
        await File.WriteAllBytesAsync(Path.Combine(copy, "subjects", subject + ".key"), new byte[60]);
        var elsewhere = await alone.UseKeyDatabase();
        (await (await alone.Open()).Open(e, "/name"))!.Value.GetString().ShouldBe(Name);
        (await Should.ThrowAsync<StartRefused>(RegisterStore.Open(alone.AppConnection, Sample.Model(), copy, new() { KeyDatabase = elsewhere }))).Message.ShouldContain($"holds another key of {subject}");
        File.Exists(Path.Combine(copy, "subjects", subject + ".key")).ShouldBeTrue();
        Directory.Delete(copy, recursive: true);
        Directory.Delete(own, recursive: true);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}

/// <summary>With keys as files in the key folder.</summary>
public sealed class KeyFileTests(TestDatabase database) : ProtectedValueTests(database)
{
    private string FileOf(string subject) => Path.Combine(Database.KeyFolder, "subjects", subject + ".key");

    protected override async Task<byte[]> Lose(string subject)
    {
        var wrapped = await File.ReadAllBytesAsync(FileOf(subject));
        File.Delete(FileOf(subject));
        return wrapped;
    }

    protected override async Task PutBack(string subject, byte[] wrapped)
    {
        await File.WriteAllBytesAsync(FileOf(subject), wrapped);
        File.SetUnixFileMode(FileOf(subject), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    protected override Task<bool> IsThere(string subject) => Task.FromResult(File.Exists(FileOf(subject)));

    [Fact]
    public async Task A_destroyed_key_is_overwritten_not_only_unlinked()
    {
        var store = await Database.Open();
        var (subject, _) = await Describe(store);
        var (link, copy) = (Path.Combine(Database.KeyFolder, "another-name"), await File.ReadAllBytesAsync(FileOf(subject)));
        await HardLink(FileOf(subject), link);
        store.DestroyKey(subject).ShouldBeTrue();
        (await File.ReadAllBytesAsync(link)).ShouldNotBe(copy);
        File.Delete(link);
    }

    private static async Task HardLink(string file, string name)
    {
        using var ln = System.Diagnostics.Process.Start("ln", [file, name]);
        await ln.WaitForExitAsync();
        ln.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Keys_lie_in_files_that_only_their_owner_reads_wrapped_by_the_master_key()
    {
        var (subject, _) = await Describe(await Database.Open());
        const UnixFileMode file = UnixFileMode.UserRead | UnixFileMode.UserWrite, folder = file | UnixFileMode.UserExecute;
        File.GetUnixFileMode(Database.KeyFolder).ShouldBe(folder);
        foreach (var inner in Directory.GetDirectories(Database.KeyFolder)) File.GetUnixFileMode(inner).ShouldBe(folder);
        var files = Directory.GetFiles(Database.KeyFolder, "*", SearchOption.AllDirectories);
        files.Select(Path.GetFileName).ShouldContain("master.key");
        files.Select(Path.GetFileName).ShouldContain("idempotency.key");
        foreach (var each in files) File.GetUnixFileMode(each).ShouldBe(file);
        var key = (await Keys()).Find(subject)!;
        File.ReadAllBytes(Path.Combine(Database.KeyFolder, "subjects", subject + ".key")).AsSpan().IndexOf(key).ShouldBe(-1);
    }
}
