using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>Which credentials a launch may give to a job, in AWX's words.</summary>
internal static class LaunchCredentials
{
    public const string Field = "credentials";

    public static async Task CheckAsync(AppDb db, Job job, GivenPasswords passwords, FieldErrors errors, CancellationToken cancellationToken)
    {
        var ids = job.Credentials.Select(place => place.CredentialId).ToList();
        var given = ids.Count == 0 ? [] : await AttachedCredential.FindAsync(db.Credentials.Where(row => ids.Contains(row.Id)), cancellationToken);
        foreach (var unknown in ids.Except(given.Select(credential => credential.Id)))
        {
            errors.Add(Field, $"Invalid pk \"{unknown}\" - object does not exist.");
        }

        foreach (var conflict in given.Select(credential => credential.Conflict(given)).OfType<string>())
        {
            errors.Add(Field, conflict);
        }

        await CheckReplacedAsync(db, job, given, errors, cancellationToken);
        CheckPasswords(job, given, passwords, errors);
    }

    private static void CheckPasswords(Job job, IReadOnlyList<AttachedCredential> credentials, GivenPasswords passwords, FieldErrors errors)
    {
        var lacking = credentials.SelectMany(credential => credential.Passwords).Distinct().Where(name => !passwords.Take(name, errors)).ToList();
        if (lacking.Count > 0 && job is { LaunchType: LaunchTypes.Relaunch } and not AdHocCommand)
        {
            errors.Add(GivenPasswords.Field, $"Missing passwords needed to start: {string.Join(", ", lacking)}");
            return;
        }

        foreach (var name in lacking)
        {
            errors.Add("passwords_needed_to_start", name);
        }
    }

    /// <summary>A launch replaces a template's credentials; it does not take one away.</summary>
    private static async Task CheckReplacedAsync(
        AppDb db, Job job, IReadOnlyList<AttachedCredential> given, FieldErrors errors, CancellationToken cancellationToken)
    {
        if (job.JobTemplateId is not { } template || job.LaunchType == LaunchTypes.Relaunch)
        {
            return;
        }

        var own = await AttachedCredential.FindAsync(
            db.JobTemplateCredentials.Where(place => place.JobTemplateId == template).Select(place => place.Credential), cancellationToken);
        var lacking = own.Where(credential => given.All(other => other.Place != credential.Place)).Select(credential => credential.Title).ToList();
        if (lacking.Count > 0)
        {
            var names = string.Join(", ", lacking);
            errors.Add(
                Field,
                $"Removing {names} credential at launch time without replacement is not supported. Provided list lacked credential(s): {names}.");
        }
    }
}
