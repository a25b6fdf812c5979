using ContainerGroups.Host.Cli;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary><c>rotate-key</c> as a process of its own, killed where it is least convenient.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
public sealed class RotateKeyCommandTests(DatabaseKind kind)
{
    private const int Secrets = 1000;

    private TestDatabase _database = null!;

    private string KeyFile => Path.Combine(_database.DataPath, SecretKeySource.FileName);

    [SetUp]
    public async Task CreateAsync() => _database = await TestDatabase.CreateAsync(kind);

    [TearDown]
    public async Task DropAsync() => await _database.DisposeAsync();

    [TestCase(450)]
    [TestCase(Secrets - 1)]
    public async Task KilledHalfWay_LosesNothing_AndTheNextCallFinishes(int at)
    {
        var rig = await KeyRig.StartAsync(_database);
        var ids = await rig.AddAsync([.. Enumerable.Range(0, Secrets).Select(i => ($"credential {i}", SecretOf(i)))]);
        var old = rig.Keys.Current.Id;
        var done = at - (at % KeyRotation.BatchSize);
        await using (await Obstacle.PutAsync(_database, ids.Order().ElementAt(at)))
        {
            using var killed = Start();
            await Eventually.BeAsync(async () => IsUnderWay() && await RewrittenAsync(old) == done, $"{done} secrets have the new key, and the next are on their way");
            killed.Signal("KILL");
            await killed.EndsAsync();
        }

        Assert.That(await RewrittenAsync(old), Is.EqualTo(done));
        await AssertReadableAsync(SecretKeyRing.Parse(await File.ReadAllTextAsync(KeyFile))!);

        using var again = Start();
        Assert.That(await again.EndsAsync(), Is.EqualTo(ExitCodes.Success), again.Output + again.Error);
        Assert.That(again.Output, Does.Contain("had been cut off is finished"));
        var ring = SecretKeyRing.Parse(await File.ReadAllTextAsync(KeyFile))!;
        Assert.That((ring.Keys.Count, ring.Find(old)), Is.EqualTo((1, (SecretKey?)null)));
        await AssertReadableAsync(ring);
    }

    [Test]
    public async Task AnotherKey_AMissingOne_OrADamagedSecret_IsTold_AndNothingIsChanged()
    {
        var rig = await KeyRig.StartAsync(_database);
        var id = await rig.AddAsync("mine", "a secret");
        var (right, stored) = (await File.ReadAllTextAsync(KeyFile), (await rig.StoredAsync()).Single().Data);

        await File.WriteAllTextAsync(KeyFile, new SecretKeyRing([SecretKey.New()]).ToText());
        await RefusesAsync($"holds another key than the one that these secrets were encrypted with", $"credential {id} \"mine\"", "Put the right key there");
        File.Delete(KeyFile);
        await RefusesAsync($"There is no key file {KeyFile}", $"credential {id} \"mine\"", "Put the key back");
        Assert.That(File.Exists(KeyFile), Is.False);
        Assert.That((await rig.StoredAsync()).Single().Data, Is.EqualTo(stored));

        await File.WriteAllTextAsync(KeyFile, right);
        await DamageAsync(id);
        await RefusesAsync("1 secret can't be decrypted and stays as it was", $"Field token of credential {id} can't be decrypted", "Give them anew");
        Assert.That(SecretKeyRing.Parse(await File.ReadAllTextAsync(KeyFile))!.Find(rig.Keys.Current.Id), Is.Not.Null, "the old key is kept");
    }

    private async Task RefusesAsync(params string[] words)
    {
        using var process = Start();
        Assert.That(await process.EndsAsync(), Is.EqualTo(ExitCodes.BadRequest), process.Output + process.Error);
        foreach (var word in words)
        {
            Assert.That(process.Output + process.Error, Does.Contain(word));
        }
    }

    private ServerProcess Start()
    {
        var variables = new Dictionary<string, string>();
        if (_database.Settings["ConnectionStrings:Postgres"] is { } postgres)
        {
            variables["CG_CONNECTIONSTRINGS__POSTGRES"] = postgres;
        }

        return ServerProcess.Start(_database.DataPath, variables, "rotate-key", "--data", _database.DataPath);
    }

    private bool IsUnderWay() => SecretKeyRing.Parse(File.ReadAllText(KeyFile)) is { IsRotating: true };

    private async Task<int> RewrittenAsync(string old)
    {
        await using var db = _database.Open();
        return await db.CredentialSecrets.CountAsync(secret => secret.KeyId != old);
    }

    private async Task AssertReadableAsync(SecretKeyRing ring)
    {
        await using var db = _database.Open();
        var secrets = await db.CredentialSecrets.AsNoTracking().OrderBy(secret => secret.CredentialId).ToListAsync();
        Assert.That(
            secrets.Select(secret => ring.Find(secret.KeyId) is { } key ? SecretCipher.Decrypt(key, secret) : null),
            Is.EqualTo(Enumerable.Range(0, Secrets).Select(SecretOf)));
    }

    private async Task DamageAsync(long id)
    {
        await using var db = _database.Open();
        var secret = await db.CredentialSecrets.SingleAsync(row => row.CredentialId == id);
        secret.Data = [.. secret.Data[..^1], (byte)(secret.Data[^1] ^ 1)];
        await db.SaveChangesAsync();
    }

    private static string SecretOf(int i) => $"the secret of a credential {i}";

    /// <summary>Something in the database on which an update of one secret hangs until the obstacle is taken away.</summary>
    private sealed class Obstacle : IAsyncDisposable
    {
        private readonly AppDb _db;

        private Obstacle(AppDb db)
        {
            _db = db;
        }

        public static async Task<Obstacle> PutAsync(TestDatabase database, long credential)
        {
            var obstacle = new Obstacle(database.Open());
            if (database.Kind == DatabaseKind.Postgres)
            {
                await obstacle._db.Database.BeginTransactionAsync();
                await obstacle._db.Database.ExecuteSqlAsync($"""SELECT 1 FROM "CredentialSecrets" WHERE "CredentialId" = {credential} FOR UPDATE""");
                return obstacle;
            }

            // A count that never ends.
            await obstacle.ExecuteAsync("CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
            await obstacle.ExecuteAsync($"""
                CREATE TRIGGER obstacle BEFORE UPDATE ON "CredentialSecrets" WHEN OLD."CredentialId" = {credential}
                BEGIN SELECT count(*) FROM endless; END
                """);
            return obstacle;
        }

        public async ValueTask DisposeAsync()
        {
            if (_db.Database.CurrentTransaction is null)
            {
                await ExecuteAsync("DROP TRIGGER obstacle");
                await ExecuteAsync("DROP VIEW endless");
            }

            await _db.DisposeAsync();
        }

        private Task ExecuteAsync(string sql) => _db.Database.ExecuteSqlRawAsync(sql);
    }
}
