using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Activity;
using ContainerGroups.Host.Storage;
using FluentValidation;

namespace ContainerGroups.Host.Jobs;

/// <summary>
/// Stores a new job as <c>pending</c>, with all that its run depends on fixed, and wakes the dispatcher. Everything wrong with it is
/// told at once, and nothing is stored then.
/// </summary>
internal sealed class JobLauncher(
    DatabaseRetry retry,
    LaunchChecks checks,
    IValidator<Job> validator,
    ProjectUpdates updates,
    LaunchPasswords secrets,
    ActivityLog activity,
    WakeUps wakeUps,
    TimeProvider clock)
{
    /// <param name="job">A new job with what is to run; the rest is filled in here.</param>
    /// <param name="askedGroups">Exactly these groups, in this order; empty for those that the template, inventory and organization prefer.</param>
    /// <param name="passwords">For credentials that ask for them.</param>
    /// <param name="errors">What is already known to be wrong.</param>
    /// <param name="cancellationToken">Stops; what is stored by then runs.</param>
    /// <exception cref="ApiException">Something about it is wrong.</exception>
    public Task LaunchAsync<T>(
        T job, IReadOnlyList<long> askedGroups, GivenPasswords passwords, FieldErrors errors, CancellationToken cancellationToken)
        where T : Job =>
        LaunchAsync(job, askedGroups, passwords, errors, (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>The same for a launch that something else has to go along with.</summary>
    /// <param name="job">A new job with what is to run; the rest is filled in here.</param>
    /// <param name="askedGroups">Exactly these groups, in this order; empty for those that the template, inventory and organization prefer.</param>
    /// <param name="passwords">For credentials that ask for them.</param>
    /// <param name="errors">What is already known to be wrong.</param>
    /// <param name="claim">Done first in the transaction that stores the job; false for not to store it. Repeatable.</param>
    /// <param name="cancellationToken">Stops; what is stored by then runs.</param>
    /// <returns>Whether the job is stored.</returns>
    /// <exception cref="ApiException">Something about it is wrong.</exception>
    public async Task<bool> LaunchAsync<T>(
        T job, IReadOnlyList<long> askedGroups, GivenPasswords passwords, FieldErrors errors,
        Func<AppDb, CancellationToken, Task<bool>> claim, CancellationToken cancellationToken)
        where T : Job
    {
        // What is missing, or couldn't be read, is not also told to be blank.
        var told = errors.Fields.ToHashSet(StringComparer.Ordinal);
        foreach (var failure in (await validator.ValidateAsync(job, cancellationToken)).Errors)
        {
            if (SnakeCase.From(failure.PropertyName) is var field && !told.Contains(field))
            {
                errors.Add(field, failure.ErrorMessage);
            }
        }

        await retry.ReadAsync(
            async (db, token) =>
            {
                await checks.RunAsync(db, job, askedGroups, passwords, errors, token);
                return job;
            },
            cancellationToken);
        errors.ThrowIfAny();
        if (passwords.Taken.Count > 0 && secrets.Fault is { } fault)
        {
            throw ApiException.Detail(StatusCodes.Status503ServiceUnavailable, $"Passwords can't be stored. {fault}");
        }

        job.Status = JobStatuses.Pending;
        job.Phases.Add(new JobPhase { Name = JobPhaseNames.Created, At = clock.GetUtcNow().UtcDateTime });
        var isStored = await retry.RunInTransactionAsync(
            async (db, token) =>
            {
                if (!await claim(db, token))
                {
                    return false;
                }

                // Not before the claim: of several hosts that fire the same schedule, one asks for an update.
                job.ProjectUpdateId = job.ProjectId is { } project ? await updates.AddForLaunchAsync(db, project, token) : null;
                // A transaction that is repeated has given numbers already.
                job.Id = 0;
                job.Phases.ForEach(phase => phase.Id = 0);
                db.Jobs.Add(job);
                // It is as it was given a line above: nothing has to be looked for.
                db.ChangeTracker.AutoDetectChangesEnabled = false;
                await db.SaveChangesAsync(token);
                // What follows belongs to the job by its id, which is known only now.
                activity.Created(db, job.CreatedById, job);
                if (passwords.Taken.Count > 0)
                {
                    db.JobPasswords.AddRange(secrets.Encrypt(job.Id, passwords.Taken));
                }

                await db.SaveChangesAsync(token);
                return true;
            },
            cancellationToken);
        if (isStored && job.ProjectUpdateId is not null)
        {
            wakeUps.Pulse(WakeUpNames.ProjectUpdates);
        }

        wakeUps.Pulse(WakeUpNames.Dispatch);
        return isStored;
    }
}
