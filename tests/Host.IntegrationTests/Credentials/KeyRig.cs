using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>One start of a host, as far as keys and secrets are concerned.</summary>
internal sealed class KeyRig
{
    private readonly TestDatabase _database;

    public KeyRig(TestDatabase database, string? keyFile = null)
    {
        _database = database;
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager { ["SecretKeyFile"] = keyFile };
        Source = new SecretKeySource(configuration, new DataDirectory(database.DataPath));
        Rotation = new KeyRotation(Source, database.Retry, NullLogger<KeyRotation>.Instance);
        Keys = new SecretKeys(Source, database.Retry, database.Database, Rotation, NullLogger<SecretKeys>.Instance);
        Reader = new CredentialReader(Keys);
    }

    public SecretKeySource Source { get; }

    public KeyRotation Rotation { get; }

    public SecretKeys Keys { get; }

    public CredentialReader Reader { get; }

    public static async Task<KeyRig> StartAsync(TestDatabase database, string? keyFile = null)
    {
        var rig = new KeyRig(database, keyFile);
        await rig.Keys.PrepareAsync(CancellationToken.None);
        return rig;
    }

    /// <summary>Stores a credential with one secret.</summary>
    public async Task<long> AddAsync(string name, string secret) => (await AddAsync([(name, secret)])).Single();

    public async Task<IReadOnlyList<long>> AddAsync(IReadOnlyList<(string Name, string Secret)> given)
    {
        await using var db = _database.Open();
        var type = await db.CredentialTypes.SingleOrDefaultAsync() ?? new CredentialType
        {
            Name = "t",
            Kind = "cloud",
            Inputs = """{"fields":[{"id":"token","label":"T","type":"string","secret":true}]}""",
        };
        var credentials = given.Select(one => new Credential { Name = one.Name, CredentialType = type, Inputs = """{"token":"$encrypted$"}""" }).ToList();
        db.Credentials.AddRange(credentials);
        await db.SaveChangesAsync();
        db.CredentialSecrets.AddRange(credentials.Zip(given, (row, one) => SecretCipher.Encrypt(Keys.Current, row.Id, "token", one.Secret)));
        await db.SaveChangesAsync();
        return [.. credentials.Select(row => row.Id)];
    }

    /// <summary>The secrets of several, in the order of their ids.</summary>
    public async Task<IReadOnlyList<string?>> ReadAsync(IReadOnlyList<long> ids)
    {
        await using var db = _database.Open();
        return [.. (await Reader.ReadAsync(db, [.. ids], CancellationToken.None)).Select(credential => credential.Values.GetString("token"))];
    }

    public async Task<string?> ReadAsync(long id)
    {
        await using var db = _database.Open();
        return (await Reader.FindAsync(db, id, CancellationToken.None))!.Values.GetString("token");
    }

    public async Task<List<CredentialSecret>> StoredAsync()
    {
        await using var db = _database.Open();
        return await db.CredentialSecrets.AsNoTracking().OrderBy(secret => secret.CredentialId).ToListAsync();
    }
}
