using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary>Jobs: shown, launched ad hoc, deleted when they have ended, canceled, launched again.</summary>
internal sealed class JobsController(JobLauncher launcher, JobActions actions, JobRelauncher relauncher, TimeProvider clock) : IResourceController
{
    private const string AskedGroups = "instance_groups";

    public Resource Describe()
    {
        var builder = new ResourceBuilder<Job>("jobs", "job", (db, caller) => db.Jobs.VisibleTo(db, caller))
            .Only(job => !(job is AdHocCommand))
            .Common()
            .Authors();
        JobFields.AddUnified(builder, clock);
        JobFields.AddJob(builder);
        JobRights.AddTo(builder);
        builder
            .Methods(ResourceMethods.Create | ResourceMethods.Delete)
            .CreateBy(LaunchAsync)
            .Capabilities(Right.Delete, Right.Start)
            .Summary("id", "name", "description", "status", "failed", "elapsed", "type", "canceled_on", "finished")
            .Recorded()
            .Action(new ResourceAction<Job>("relaunch") { Get = RelaunchNeedsAsync, Post = RelaunchAsync, Needs = Right.Start })
            .Notifications()
            .Related("create_schedule", (row, page) => row.JobTemplateId is null ? null : $"{page.Resource.UrlOf(row.Id)}create_schedule/");
        return actions.AddTo(builder).Build();
    }

    private async Task<Job> LaunchAsync(Write<Job> write)
    {
        write.Entity.Credentials.AddRange(Credentials(write).Distinct().Select(id => new JobCredential { CredentialId = id }));
        var passwords = GivenPasswords.Read(write.Body, write.Errors);
        var groups = Groups(write);
        await JobRights.DemandUseAsync(write.Call, write.Entity, groups);
        await launcher.LaunchAsync(write.Entity, groups, passwords, write.Errors, write.Call.Cancellation);
        return write.Entity;
    }

    private static IReadOnlyList<long> Credentials(Write<Job> write)
    {
        if (!write.Body.TryGet(LaunchCredentials.Field, out var asked) || asked.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (IdList.Read(asked) is not { } ids)
        {
            write.Errors.Add(LaunchCredentials.Field, IdList.Expected);
            return [];
        }

        return ids;
    }

    /// <summary>The groups that the body asks for: a list in order, or the one of <c>instance_group</c>.</summary>
    private static IReadOnlyList<long> Groups(Write<Job> write)
    {
        if (!write.Body.TryGet(AskedGroups, out var asked) || asked.ValueKind == JsonValueKind.Null)
        {
            var one = write.Entity.InstanceGroupId;
            write.Entity.InstanceGroupId = null;
            return one is { } group ? [group] : [];
        }

        if (IdList.Read(asked) is not { } ids)
        {
            write.Errors.Add(AskedGroups, IdList.Expected);
            return [];
        }

        return ids;
    }

    private static async Task RelaunchNeedsAsync(ApiCall call, Job job)
    {
        var credentials = await AttachedCredential.FindAsync(
            call.Db.JobCredentials.Where(place => place.JobId == job.Id).Select(place => place.Credential), call.Cancellation);
        var hosts = await call.Db.JobHostSummaries.Where(summary => summary.JobId == job.Id)
            .Select(summary => summary.Failed || summary.Dark > 0).ToListAsync(call.Cancellation);
        await call.AnswerAsync(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("passwords_needed_to_start");
            JsonValues.Write(writer, credentials.SelectMany(credential => credential.Passwords).Distinct().ToList());
            writer.WriteStartObject("retry_counts");
            writer.WriteNumber("all", hosts.Count);
            writer.WriteNumber("failed", hosts.Count(failed => failed));
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private async Task RelaunchAsync(ApiCall call, Job job)
    {
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        var again = await relauncher.RelaunchAsync(call, job, body);
        await call.AnswerRowAsync(
            StatusCodes.Status201Created, call.Catalog.Get<Job>(), again, writeExtra: writer => writer.WriteNumber("job", again.Id));
    }
}
