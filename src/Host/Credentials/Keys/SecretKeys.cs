using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials.Keys;

/// <summary>
/// The keys of this installation's secrets, and whether they are the right ones. Without the right key the server runs, reads no secret
/// and stores none, so that nothing is encrypted in a way that its owner can't read later.
/// </summary>
internal sealed partial class SecretKeys(
    SecretKeySource source, DatabaseRetry retry, Database database, KeyRotation rotation, ILogger<SecretKeys> logger)
{
    /// <summary>The name under which the database knows the key's id: so a host with another key is noticed.</summary>
    public const string RegisteredName = "secret_key_id";

    private const long LockKey = 0x5EC4E7;
    private const int MostNamed = 10;

    private volatile SecretKeyRing? _ring;
    private volatile string? _fault = "The keys have not been read yet.";

    /// <summary>Why secrets can't be stored, in a sentence for the operator; null when they can.</summary>
    public string? Fault => _fault;

    /// <summary>For people: where the keys are.</summary>
    public string Description => source.Description;

    /// <summary>Whether the start has finished an exchange of the key that had been cut off.</summary>
    public bool HasFinishedExchange { get; private set; }

    /// <summary>The key for what is encrypted now.</summary>
    /// <exception cref="SecretUnavailableException">There is no key, or not the right one.</exception>
    public SecretKey Current => _fault is { } fault ? throw new SecretUnavailableException(fault) : _ring!.Current;

    /// <summary>A secret in clear.</summary>
    /// <param name="secret">As it is stored.</param>
    /// <param name="name">What people call it: begins a sentence.</param>
    /// <param name="remedy">What to do when it is damaged, as a sentence.</param>
    /// <exception cref="SecretUnavailableException">Its key is not at hand, or it is damaged.</exception>
    public string Decrypt(StoredSecret secret, string name, string remedy)
    {
        var key = _ring?.Find(secret.KeyId) ?? throw Unreadable(
            name, _fault ?? $"It was encrypted with key {secret.KeyId}, which is not in {source.Description}. Put that key back.");
        return SecretCipher.Decrypt(key, secret) ?? throw Unreadable(name, $"What the database holds is damaged. {remedy}");
    }

    /// <summary>Stores new values in place of all that are there.</summary>
    /// <param name="rows">Where they are stored.</param>
    /// <param name="there">Those of one owner, without those that it keeps.</param>
    /// <param name="anew">The new ones, by name.</param>
    /// <param name="nameOf">The name of one that is stored.</param>
    /// <param name="make">A place of a name, still without a value.</param>
    /// <exception cref="SecretUnavailableException">There are values to store, and no key, or not the right one.</exception>
    public void Replace<T>(DbSet<T> rows, List<T> there, IReadOnlyDictionary<string, string> anew, Func<T, string> nameOf, Func<string, T> make)
        where T : StoredSecret
    {
        foreach (var (name, value) in anew)
        {
            if (there.Find(row => nameOf(row) == name) is { } row)
            {
                SecretCipher.Encrypt(Current, row, value);
            }
            else
            {
                rows.Add(SecretCipher.Encrypt(Current, make(name), value));
            }
        }

        rows.RemoveRange(there.Where(row => !anew.ContainsKey(nameOf(row))));
    }

    /// <summary>Reads the keys, makes the first one, and finishes an exchange that was cut off.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ring = source.Read();
            _fault = await retry.RunInTransactionAsync(SettleAsync, cancellationToken);
        }
        catch (SecretUnavailableException e)
        {
            _fault = $"{e.Message} Put the right key there and start again.";
        }

        if (_fault is not null)
        {
            LogFault(_fault);
            return;
        }

        if (source.IsOpenToOthers())
        {
            LogOpen(source.Path);
        }

        if (_ring!.IsRotating && source.IsFile)
        {
            var left = await rotation.FinishAsync(_ring, cancellationToken);
            _ring = left == 0 ? source.Read() : _ring;
            HasFinishedExchange = left == 0;
        }
    }

    /// <summary>Gives all secrets a new key; the caller sees to it that no server runs.</summary>
    /// <returns>How many secrets could not be read; the old key is kept then.</returns>
    /// <exception cref="SecretUnavailableException">There is no key to begin with, or not the right one, or it can't be written.</exception>
    public async Task<int> RotateAsync(CancellationToken cancellationToken)
    {
        _ = Current;
        if (!source.IsFile && !_ring!.IsRotating)
        {
            throw new SecretUnavailableException(
                "The key is in SecretKey of the configuration, which only its owner can write: put the new key before the old one, "
                + "separated by a comma, call this again, then remove the old one.");
        }

        _ring = rotation.Begin(_ring!);
        var left = await rotation.FinishAsync(_ring, cancellationToken);
        _ring = left == 0 && source.IsFile ? source.Read() : _ring;
        return left;
    }

    private static SecretUnavailableException Unreadable(string name, string why) => new($"{name} can't be read. {why}");

    private async Task<string?> SettleAsync(AppDb db, CancellationToken cancellationToken)
    {
        await TransactionLock.TakeAsync(db, LockKey, cancellationToken);
        var used = await db.CredentialSecrets.Select(secret => secret.KeyId).Union(db.JobPasswords.Select(password => password.KeyId))
            .Union(db.SchedulePasswords.Select(answer => answer.KeyId)).Union(db.NotificationSecrets.Select(secret => secret.KeyId))
            .ToListAsync(cancellationToken);
        var registered = await db.Installation.SingleOrDefaultAsync(value => value.Name == RegisteredName, cancellationToken);
        if (_ring is null)
        {
            if (used.Count > 0 || (registered is not null && database.Postgres is not null))
            {
                return await NoKeyAsync(db, used.Count > 0, cancellationToken);
            }

            var ring = new SecretKeyRing([SecretKey.New()]);
            source.Write(ring);
            _ring = ring;
        }

        var unknown = used.Where(id => _ring.Find(id) is null).ToList();
        if (unknown.Count > 0)
        {
            return $"{source.SentenceStart} holds another key than the one that these secrets were encrypted with "
                + $"({string.Join(", ", unknown)}): {await NamesAsync(db, unknown, cancellationToken)}. "
                + "Nothing was changed. Put the right key there and start again, or give these credentials their secrets anew.";
        }

        if (registered is not null && _ring.Find(registered.Value) is null && (used.Count > 0 || database.Postgres is not null))
        {
            return $"{source.SentenceStart} holds key {_ring.Current.Id}; this installation's is {registered.Value}. "
                + "Copy the key of another host of the installation, or from a backup, and start again.";
        }

        Register(db, registered, _ring);
        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    private static void Register(AppDb db, InstallationValue? registered, SecretKeyRing ring)
    {
        if (registered is null)
        {
            db.Installation.Add(new InstallationValue { Name = RegisteredName, Value = ring.Current.Id });
        }
        else if (ring.Find(registered.Value) is null)
        {
            registered.Value = ring.Current.Id;
        }
    }

    private async Task<string> NoKeyAsync(AppDb db, bool used, CancellationToken cancellationToken)
    {
        var loss = used
            ? $"without it these secrets can't be read: {await NamesAsync(db, null, cancellationToken)}"
            : "another host of this installation has made one";
        return $"There is no {source.Description["the ".Length..]}, and {loss}. No new key was made. "
            + "Put the key back (from a backup, or from another host of the installation), and start again.";
    }

    private static async Task<string> NamesAsync(AppDb db, List<string>? keys, CancellationToken cancellationToken)
    {
        var secrets = db.CredentialSecrets.Where(secret => keys == null || keys.Contains(secret.KeyId));
        var names = await db.Credentials.Where(row => secrets.Any(secret => secret.CredentialId == row.Id)).OrderBy(row => row.Id)
            .Select(row => new { row.Id, row.Name }).Take(MostNamed + 1).ToListAsync(cancellationToken);
        // Whoever has lost the key deletes these jobs.
        var jobs = await db.JobPasswords.Where(password => keys == null || keys.Contains(password.KeyId)).Select(password => password.JobId)
            .Distinct().OrderBy(id => id).Take(MostNamed + 1).ToListAsync(cancellationToken);
        var schedules = await db.SchedulePasswords.Where(answer => keys == null || keys.Contains(answer.KeyId)).Select(answer => answer.ScheduleId)
            .Distinct().OrderBy(id => id).Take(MostNamed + 1).ToListAsync(cancellationToken);
        var templates = await db.NotificationSecrets.Where(secret => keys == null || keys.Contains(secret.KeyId))
            .Select(secret => secret.TemplateId).Distinct().OrderBy(id => id).Take(MostNamed + 1).ToListAsync(cancellationToken);
        var all = names.Select(row => $"credential {row.Id} \"{row.Name}\"").Concat(jobs.Select(id => $"the passwords given to job {id}"))
            .Concat(schedules.Select(id => $"the answers of schedule {id}")).Concat(templates.Select(id => $"notification template {id}")).ToList();
        return string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? ", …" : "");
    }

    [LoggerMessage(1, LogLevel.Error, "Secrets of credentials can't be used: {Fault}")]
    private partial void LogFault(string fault);

    [LoggerMessage(2, LogLevel.Warning, "Others than its owner may read the key file {Path}; make its mode 0600")]
    private partial void LogOpen(string path);
}
