using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials;

/// <summary>The passwords that were given at launch: stored as credentials' secrets are. Those for credentials go when the job has ended;
/// answers to a survey stay as long as the job, whose relaunch can't ask for them.</summary>
internal sealed class LaunchPasswords(SecretKeys keys)
{
    /// <summary>No credential's password has a blank in its name.</summary>
    private const string SurveyPrefix = "survey answer ";

    private static readonly string[] Unfinished = [JobStatuses.New, JobStatuses.Pending, JobStatuses.Waiting, JobStatuses.Running];

    /// <summary>The name under which the answer to a survey's password question is kept.</summary>
    public static string OfSurvey(string variable) => SurveyPrefix + variable;

    /// <summary>The variable whose answer is kept under a name; null for a credential's password.</summary>
    public static string? SurveyVariable(string name) => name.StartsWith(SurveyPrefix, StringComparison.Ordinal) ? name[SurveyPrefix.Length..] : null;

    /// <summary>Why none can be stored; null when they can.</summary>
    public string? Fault => keys.Fault;

    /// <exception cref="SecretUnavailableException">There is no key to encrypt them with.</exception>
    public IEnumerable<JobPassword> Encrypt(long jobId, IReadOnlyDictionary<string, string> given) =>
        given.Select(password => SecretCipher.Encrypt(keys.Current, new JobPassword { JobId = jobId, Name = password.Key }, password.Value));

    /// <summary>A job's passwords by name.</summary>
    /// <exception cref="SecretUnavailableException">One can't be decrypted.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(AppDb db, long jobId, CancellationToken cancellationToken)
    {
        var stored = await db.JobPasswords.AsNoTracking().Where(password => password.JobId == jobId).ToListAsync(cancellationToken);
        return stored.ToDictionary(password => password.Name, Decrypt, StringComparer.Ordinal);
    }

    /// <summary>A job's answers to password questions, by variable.</summary>
    /// <exception cref="SecretUnavailableException">One can't be decrypted.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadAnswersAsync(AppDb db, long jobId, CancellationToken cancellationToken)
    {
        var stored = await db.JobPasswords.AsNoTracking().Where(password => password.JobId == jobId && password.Name.StartsWith(SurveyPrefix))
            .ToListAsync(cancellationToken);
        return stored.ToDictionary(password => SurveyVariable(password.Name)!, Decrypt, StringComparer.Ordinal);
    }

    /// <summary>Removes a job's: part of the transaction that ends it.</summary>
    public static Task ForgetAsync(AppDb db, long jobId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"DELETE FROM \"JobPasswords\" WHERE \"JobId\" = {jobId} AND \"Name\" NOT LIKE {SurveyPrefix + "%"}", cancellationToken);

    /// <summary>Removes those of all jobs that have ended: part of the transaction that ends some.</summary>
    public static Task ForgetAsync(AppDb db, CancellationToken cancellationToken) => db.JobPasswords
        .Where(password => !password.Name.StartsWith(SurveyPrefix) && !db.Jobs.Any(job => job.Id == password.JobId && Unfinished.Contains(job.Status)))
        .ExecuteDeleteAsync(cancellationToken);

    private string Decrypt(JobPassword password) => keys.Decrypt(password, $"{password}", "Launch the job again.");
}
