using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary>What can be done to a dispatched job, whatever it runs: cancel it, look at its timeline, delete it when it has ended.</summary>
internal sealed class JobActions(JobCanceler canceler, TimeProvider clock)
{
    public ResourceBuilder<T> AddTo<T>(ResourceBuilder<T> builder)
        where T : Job
    {
        builder.Rules.BeforeDelete.Add(RefuseActive);
        return builder
            .Action(new ResourceAction<T>("cancel") { Get = CanCancelAsync, Post = CancelAsync, Needs = Right.Cancel })
            .Action(new ResourceAction<T>("phases") { Get = PhasesAsync });
    }

    private static async Task CanCancelAsync<T>(ApiCall call, T job)
        where T : Job
    {
        var may = await call.Catalog.Get<T>().AllowsAsync(call, job.Id, Right.Cancel);
        await call.AnswerAsync(StatusCodes.Status200OK, ("can_cancel", may && JobStateMachine.CanCancel(job.Status)));
    }

    private async Task CancelAsync(ApiCall call, Job job)
    {
        if (!await canceler.CancelAsync(job.Id, call.Cancellation))
        {
            throw ApiException.MethodNotAllowed("POST");
        }

        await call.AnswerNoContentAsync(StatusCodes.Status202Accepted);
    }

    /// <summary>The timeline, oldest first. Ours; AWX has none.</summary>
    private static async Task PhasesAsync(ApiCall call, Job job)
    {
        var phases = await call.Db.JobPhases.AsNoTracking().Where(p => p.JobId == job.Id).OrderBy(p => p.At).ThenBy(p => p.Id)
            .ToListAsync(call.Cancellation);
        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("count", phases.Count);
            writer.WriteStartArray("results");
            foreach (var phase in phases)
            {
                writer.WriteStartObject();
                writer.WriteString("name", phase.Name);
                writer.WriteNumber("attempt", phase.Attempt);
                writer.WriteString("at", JsonValues.Moment(phase.At));
                writer.WriteString("detail", phase.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>What a deleted row leaves behind of an environment is swept; what runs can't be deleted.</summary>
    private Task RefuseActive<T>(Removal<T> removal, CancellationToken cancellationToken)
        where T : Job
    {
        if (!JobStateMachine.IsFinal(removal.Entity.Status))
        {
            throw ApiException.Forbidden("Cannot delete running job resource.");
        }

        return ActiveJobs.IsBeingStored(clock).Compile()(removal.Entity)
            ? throw ApiException.BadError("Job has not finished processing events.")
            : Task.CompletedTask;
    }
}
