using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class SecretKeysTests(DatabaseKind kind)
{
    private const string Secret = "the secret of a credential";

    private TestDatabase _database = null!;

    private string KeyFile => Path.Combine(_database.DataPath, SecretKeySource.FileName);

    [SetUp]
    public async Task CreateAsync() => _database = await TestDatabase.CreateAsync(kind);

    [TearDown]
    public async Task DropAsync() => await _database.DisposeAsync();

    [Test]
    public async Task TheFirstStart_MakesAKey_ThatOnlyItsOwnerCanRead_AndThatStays()
    {
        var first = await KeyRig.StartAsync(_database);
        var id = await first.AddAsync("c", Secret);

        var second = await KeyRig.StartAsync(_database);

        Assert.That(File.GetUnixFileMode(KeyFile), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(second.Keys.Current.Id, Is.EqualTo(first.Keys.Current.Id));
        Assert.That(await second.ReadAsync(id), Is.EqualTo(Secret));
    }

    [Test]
    public async Task AMissingKey_IsNotReplaced_AndTheCredentialIsNamed()
    {
        var id = await (await KeyRig.StartAsync(_database)).AddAsync("lost", Secret);
        File.Move(KeyFile, KeyFile + ".away");

        var without = await KeyRig.StartAsync(_database);

        Assert.That(File.Exists(KeyFile), Is.False);
        Assert.That(without.Keys.Fault, Does.Contain(KeyFile).And.Contain($"credential {id} \"lost\"").And.Contain("No new key was made"));
        Assert.That(() => without.Keys.Current, Throws.TypeOf<SecretUnavailableException>());
        Assert.That(async () => await without.ReadAsync(id), Throws.TypeOf<SecretUnavailableException>().With.Message.Contain(KeyFile));

        File.Move(KeyFile + ".away", KeyFile);
        Assert.That(await (await KeyRig.StartAsync(_database)).ReadAsync(id), Is.EqualTo(Secret));
    }

    [Test]
    public async Task AWrongKey_ReadsAndStoresNothing_AndDamagesNothing()
    {
        var id = await (await KeyRig.StartAsync(_database)).AddAsync("mine", Secret);
        var stored = (await _database.Retry.ReadAsync((db, token) => db.CredentialSecrets.AsNoTracking().SingleAsync(token), CancellationToken.None)).Data;
        var right = await File.ReadAllTextAsync(KeyFile);
        await File.WriteAllTextAsync(KeyFile, SecretKey.New().ToBase64());

        var wrong = await KeyRig.StartAsync(_database);

        Assert.That(wrong.Keys.Fault, Does.Contain(KeyFile).And.Contain($"credential {id} \"mine\"").And.Contain("Put the right key there"));
        Assert.That(() => wrong.Keys.Current, Throws.TypeOf<SecretUnavailableException>());
        Assert.That(async () => await wrong.ReadAsync(id), Throws.TypeOf<SecretUnavailableException>());
        Assert.That((await wrong.StoredAsync()).Single().Data, Is.EqualTo(stored));

        await File.WriteAllTextAsync(KeyFile, right);
        Assert.That(await (await KeyRig.StartAsync(_database)).ReadAsync(id), Is.EqualTo(Secret));
    }

    [TestCase("")]
    [TestCase("not a key")]
    public async Task AFileThatIsNoKey_IsLeftAsItIs_AndTheServerStarts(string content)
    {
        await (await KeyRig.StartAsync(_database)).AddAsync("c", Secret);
        await File.WriteAllTextAsync(KeyFile, content);

        var rig = await KeyRig.StartAsync(_database);

        Assert.That(rig.Keys.Fault, Does.Contain(KeyFile).And.Contain("32 bytes in Base64"));
        Assert.That(await File.ReadAllTextAsync(KeyFile), Is.EqualTo(content));
    }

    [Test]
    public async Task ADamagedSecret_IsNamed_AndTheOthersAreRead()
    {
        var rig = await KeyRig.StartAsync(_database);
        var good = await rig.AddAsync("good", Secret);
        var bad = await rig.AddAsync("bad", Secret);
        await DamageAsync(bad);

        Assert.That(await rig.ReadAsync(good), Is.EqualTo(Secret));
        Assert.That(
            async () => await rig.ReadAsync(bad),
            Throws.TypeOf<SecretUnavailableException>().With.Message.Contain($"The value token of credential {bad} \"bad\" can't be read")
                .And.Message.Contain("damaged"));
    }

    [Test]
    public async Task Rotation_GivesEverySecretTheNewKey()
    {
        var rig = await KeyRig.StartAsync(_database);
        var ids = await AddManyAsync(rig);
        var old = rig.Keys.Current.Id;

        Assert.That(await rig.Keys.RotateAsync(CancellationToken.None), Is.Zero);

        var after = await KeyRig.StartAsync(_database);
        Assert.That(after.Keys.Current.Id, Is.Not.EqualTo(old));
        Assert.That(SecretKeyRing.Parse(await File.ReadAllTextAsync(KeyFile))!.Find(old), Is.Null);
        await AssertReadableAsync(after, ids);
    }

    [Test]
    public async Task RotationCutOffAtAnyStep_LeavesEverythingReadable_AndTheNextStartFinishes([Range(0, 4)] int step)
    {
        var rig = await KeyRig.StartAsync(_database);
        var ids = await AddManyAsync(rig);
        var before = await File.ReadAllTextAsync(KeyFile);
        await CutOffAsync(rig, step);

        var next = await KeyRig.StartAsync(_database);

        Assert.That(next.Keys.Fault, Is.Null);
        await AssertReadableAsync(next, ids);
        Assert.That((await next.StoredAsync()).Select(secret => secret.KeyId), Is.All.EqualTo(next.Keys.Current.Id));
        Assert.That(SecretKeyRing.Parse(await File.ReadAllTextAsync(KeyFile))!.IsRotating, Is.False);
        Assert.That(await File.ReadAllTextAsync(KeyFile), step == 0 ? Is.EqualTo(before) : Is.Not.EqualTo(before));
    }

    [Test]
    public async Task Rotation_GivesThePasswordsOfUnfinishedJobsTheNewKeyToo()
    {
        var rig = await KeyRig.StartAsync(_database);
        await using var db = _database.Open();
        var job = new Job { Name = "waits", Status = JobStatuses.Pending };
        db.Jobs.Add(job);
        await db.SaveChangesAsync();
        db.JobPasswords.AddRange(new LaunchPasswords(rig.Keys).Encrypt(job.Id, new Dictionary<string, string> { ["ssh_password"] = Secret }));
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();

        Assert.That(await rig.Keys.RotateAsync(CancellationToken.None), Is.Zero);

        var after = await KeyRig.StartAsync(_database);
        Assert.That((await db.JobPasswords.AsNoTracking().SingleAsync()).KeyId, Is.EqualTo(after.Keys.Current.Id));
        Assert.That((await new LaunchPasswords(after.Keys).ReadAsync(db, job.Id, CancellationToken.None))["ssh_password"], Is.EqualTo(Secret));

        File.Delete(KeyFile);
        Assert.That((await KeyRig.StartAsync(_database)).Keys.Fault, Does.Contain($"the passwords given to job {job.Id}"));
    }

    [Test]
    public async Task Rotation_GivesTheAnswersOfSchedulesTheNewKeyToo()
    {
        var rig = await KeyRig.StartAsync(_database);
        await using var db = _database.Open();
        var schedule = new Schedule { Name = "asks", JobTemplate = new JobTemplate { Name = "t" } };
        db.Add(schedule);
        await db.SaveChangesAsync();
        db.Add(SecretCipher.Encrypt(rig.Keys.Current, new SchedulePassword { ScheduleId = schedule.Id, Variable = "pw" }, Secret));
        await db.SaveChangesAsync();

        Assert.That(await rig.Keys.RotateAsync(CancellationToken.None), Is.Zero);

        var after = await KeyRig.StartAsync(_database);
        var stored = await db.SchedulePasswords.AsNoTracking().SingleAsync();
        Assert.That((stored.KeyId, SecretCipher.Decrypt(after.Keys.Current, stored)), Is.EqualTo((after.Keys.Current.Id, Secret)));
        File.Delete(KeyFile);
        Assert.That((await KeyRig.StartAsync(_database)).Keys.Fault, Does.Contain($"the answers of schedule {schedule.Id}"));
    }

    [Test]
    public async Task Rotation_GivesTheSecretsOfNotificationTemplatesTheNewKeyToo()
    {
        var rig = await KeyRig.StartAsync(_database);
        await using var db = _database.Open();
        var template = new NotificationTemplate { Name = "hook", Organization = new Organization { Name = "o" } };
        db.Add(template);
        await db.SaveChangesAsync();
        db.Add(SecretCipher.Encrypt(rig.Keys.Current, new NotificationSecret { TemplateId = template.Id, Field = "password" }, Secret));
        await db.SaveChangesAsync();

        Assert.That(await rig.Keys.RotateAsync(CancellationToken.None), Is.Zero);

        var after = await KeyRig.StartAsync(_database);
        var stored = await db.NotificationSecrets.AsNoTracking().SingleAsync();
        Assert.That((stored.KeyId, SecretCipher.Decrypt(after.Keys.Current, stored)), Is.EqualTo((after.Keys.Current.Id, Secret)));
        File.Delete(KeyFile);
        Assert.That((await KeyRig.StartAsync(_database)).Keys.Fault, Does.Contain($"notification template {template.Id}"));
    }

    [Test]
    public async Task RotationWithADamagedSecret_KeepsTheOldKey_UntilItIsGivenAnew()
    {
        var rig = await KeyRig.StartAsync(_database);
        var good = await rig.AddAsync("good", Secret);
        var bad = await rig.AddAsync("bad", Secret);
        await DamageAsync(bad);

        Assert.That(await rig.Keys.RotateAsync(CancellationToken.None), Is.EqualTo(1));

        var next = await KeyRig.StartAsync(_database);
        Assert.That(SecretKeyRing.Parse(await File.ReadAllTextAsync(KeyFile))!.IsRotating, Is.True);
        Assert.That(await next.ReadAsync(good), Is.EqualTo(Secret));
    }

    /// <summary>What a process that was killed right after a step leaves behind.</summary>
    private async Task CutOffAsync(KeyRig rig, int step)
    {
        var old = rig.Source.Read()!;
        if (step == 0)
        {
            // The new file was written, and not renamed yet.
            await File.WriteAllTextAsync(KeyFile + ".new", new SecretKeyRing([SecretKey.New(), .. old.Keys]).ToText());
            return;
        }

        var both = rig.Rotation.Begin(old);
        if (step == 1)
        {
            return;
        }

        var half = step == 2 ? KeyRotation.BatchSize / 2 : int.MaxValue;
        await using var db = _database.Open();
        foreach (var secret in await db.CredentialSecrets.OrderBy(row => row.CredentialId).Take(half).ToListAsync())
        {
            var anew = SecretCipher.Encrypt(both.Current, secret.CredentialId, secret.Field, SecretCipher.Decrypt(both.Find(secret.KeyId)!, secret)!);
            (secret.KeyId, secret.Data) = (anew.KeyId, anew.Data);
        }

        if (step == 4)
        {
            (await db.Installation.SingleAsync(value => value.Name == SecretKeys.RegisteredName)).Value = both.Current.Id;
        }

        await db.SaveChangesAsync();
    }

    private static string SecretOf(int i) => $"{Secret} {i}";

    private static Task<IReadOnlyList<long>> AddManyAsync(KeyRig rig) =>
        rig.AddAsync([.. Enumerable.Range(0, KeyRotation.BatchSize + 5).Select(i => ($"credential {i}", SecretOf(i)))]);

    private static async Task AssertReadableAsync(KeyRig rig, IReadOnlyList<long> ids) =>
        Assert.That(await rig.ReadAsync(ids), Is.EqualTo(ids.Order().Select((_, i) => SecretOf(i))));

    private async Task DamageAsync(long id)
    {
        await using var db = _database.Open();
        var secret = await db.CredentialSecrets.SingleAsync(row => row.CredentialId == id);
        secret.Data = [.. secret.Data[..^1], (byte)(secret.Data[^1] ^ 1)];
        await db.SaveChangesAsync();
    }
}
