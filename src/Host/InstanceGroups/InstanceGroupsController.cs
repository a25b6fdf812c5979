using ContainerGroups.Abstractions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.InstanceGroups.Policy;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.InstanceGroups;

/// <summary>Instance groups and their members.</summary>
internal sealed class InstanceGroupsController(
    PluginCatalog plugins, OwnCluster cluster, WakeUps wakeUps, GroupPreview preview, GroupHealth health, TimeProvider clock) : IResourceController
{
    private readonly Loader<InstanceGroup> _usage = new(async (page, token) => await new InstanceGroupUsage(plugins).LoadAsync(page, token));

    public Resource Describe()
    {
        var builder = new ResourceBuilder<InstanceGroup>("instance_groups", "instance_group", (db, caller) => db.InstanceGroups.VisibleTo(db, caller))
            .Id().TypeField().Url().RelatedField()
            .Field(x => x.Name, field => (field.Required, field.AllowBlank, field.MaxLength, field.Unique) = (true, false, 250, true))
            .Moments()
            .Authors();
        AddUsage(builder);
        AddSettings(builder);
        builder
            .SummaryFields()
            .Roles(ObjectKinds.InstanceGroup, Held.Role<InstanceGroup>)
            .AllowBy(ObjectRole.InstanceGroupAdmin, Right.Edit)
            .Capabilities(Right.Edit, Right.Delete)
            .Summary("id", "name", "is_container_group")
            .Recorded()
            .NamedBy("name")
            .Relation("instances", x => x.Instances.Select(member => member.Instance))
            .SubList<UnifiedJob>("jobs", (_, id) => job => job is Job && ((Job)job).InstanceGroupId == id)
            .SubList(GroupMembers.Instances());
        AddActions(builder);
        AddRules(builder.Rules);
        return builder.Build();
    }

    /// <summary>What a container group's backend says; the links are there where it has something to say.</summary>
    private void AddActions(ResourceBuilder<InstanceGroup> builder)
    {
        Add("pod_spec_preview", group => BackendOf(group) is IEnvironmentPreview, preview.AnswerAsync, preview.AnswerDraftAsync);
        Add("health_check", group => BackendOf(group) is not null, health.AnswerAsync, health.AnswerAsync);

        void Add(string name, Func<InstanceGroup, bool> applies, Func<ApiCall, InstanceGroup, Task> get, Func<ApiCall, InstanceGroup, Task> post) =>
            builder
                .Action(new ResourceAction<InstanceGroup>(name) { Get = get, Post = post, InRelated = false })
                .Related(name, (row, page) => applies(row) ? $"{page.Resource.UrlOf(row.Id)}{name}/" : null);
    }

    private IExecutionBackend? BackendOf(InstanceGroup group) =>
        group.IsContainerGroup && plugins.TryGetBackend(group.EffectiveBackend, out var backend) ? backend : null;

    /// <summary>The pod that a container group of the usual backend gets.</summary>
    private string? DefaultPod() =>
        (BackendOf(new InstanceGroup { IsContainerGroup = true }) as IEnvironmentPreview)?.DefaultSpec;

    private void AddUsage(ResourceBuilder<InstanceGroup> builder)
    {
        Add("capacity", FieldKind.Computed, usage => usage.Capacity);
        Add("consumed_capacity", FieldKind.Computed, usage => usage.Consumed);
        Add("percent_capacity_remaining", FieldKind.Computed, usage => usage.PercentRemaining);
        Add("jobs_running", FieldKind.Computed, usage => usage.JobsRunning);
        builder
            .Field(x => x.MaxConcurrentJobs, field =>
            {
                field.Min = 0;
                field.HelpText = "Maximum number of concurrent jobs to run on a group. When set to zero, no maximum is enforced.";
            })
            .Field(x => x.MaxForks, field =>
            {
                field.Min = 0;
                field.HelpText = "Maximum number of forks to execute concurrently on a group. When set to zero, no maximum is enforced.";
            });
        Add("jobs_total", FieldKind.Computed, usage => usage.JobsTotal);
        Add("instances", FieldKind.Computed, usage => usage.Instances);

        void Add(string name, FieldKind kind, Func<Usage, object?> value) => builder.Computed(
            name, kind, _usage, (InstanceGroup row, IReadOnlyDictionary<long, Usage> all) => value(all[row.Id]));
    }

    private void AddSettings(ResourceBuilder<InstanceGroup> builder) => builder
        .Field(x => x.IsContainerGroup, field =>
            field.HelpText = "Whether each job runs in an environment made for it alone, such as a pod, in place of an instance.")
        .Computed("kubernetes", FieldKind.Boolean, row => row.CredentialId is not null)
        .Reference<Credential>(x => x.CredentialId, field => field.Needs = Right.UseRole)
        .Field(x => x.PolicyInstancePercentage, field =>
        {
            (field.Min, field.Max) = (0, 100);
            field.HelpText = "Minimum percentage of all instances that will be automatically assigned to this group.";
        })
        .Field(x => x.PolicyInstanceMinimum, field =>
        {
            field.Min = 0;
            field.HelpText = "Static minimum number of instances that will be automatically assigned to this group.";
        })
        .Json(x => x.PolicyInstanceList, FieldKind.StringList, field =>
            field.HelpText = "List of exact-match instances that will be assigned to this group.")
        .Field(x => x.PodSpecOverride, field =>
        {
            field.Sensitive = true;
            field.ShownDefault = DefaultPod;
            field.HelpText = "A Pod, or a part of one, as YAML or JSON, merged over the default.";
        })
        .Field(x => x.ExecutionBackend, field =>
        {
            (field.AllowNull, field.MaxLength) = (true, 250);
            field.HelpText = "The execution backend; empty for the one that is_container_group implies.";
        })
        .Json(x => x.BackendSettings, FieldKind.Json, field => field.HelpText = "Settings of the execution backend, by name.");

    private void AddRules(WriteRules<InstanceGroup> rules)
    {
        rules.Rewrites.Add(PodBody.Rewrite);
        rules.Checks.Add(new InstanceGroupChecks(plugins, cluster).CheckAsync);
        rules.BeforeSave.Add((write, token) => MembershipStore.LockAsync(write.Db, token));
        rules.BeforeSave.Add(DropPoliciesOfContainers);
        rules.AfterSave.Add((write, token) => MembershipStore.ApplyPoliciesAsync(write.Db, token));
        rules.BeforeDelete.Add((removal, token) => MembershipStore.LockAsync(removal.Db, token));
        rules.BeforeDelete.Add(RefuseAsync);
        rules.AfterDelete.Add((removal, token) => MembershipStore.ApplyPoliciesAsync(removal.Db, token));
        rules.AfterCommit.Add(_ =>
        {
            // Other limits, members or settings may let a job go that waited.
            wakeUps.Pulse(WakeUpNames.Dispatch);
            return Task.CompletedTask;
        });
    }

    private static Task DropPoliciesOfContainers(Write<InstanceGroup> write, CancellationToken cancellationToken)
    {
        if (write.Entity.IsContainerGroup)
        {
            write.Entity.PolicyInstanceList = "[]";
            write.Entity.PolicyInstancePercentage = 0;
            write.Entity.PolicyInstanceMinimum = 0;
        }

        return Task.CompletedTask;
    }

    private async Task RefuseAsync(Removal<InstanceGroup> removal, CancellationToken cancellationToken)
    {
        if (InstanceGroupChecks.IsBuiltIn(removal.Entity.Name))
        {
            throw ApiException.Forbidden();
        }

        // A job that waits in the queue is in no group yet; without the one that it waits for it would wait for ever.
        var active = await removal.Db.Jobs.AsNoTracking()
            .Where(job => ActiveJobs.Statuses.Contains(job.Status)
                && (job.InstanceGroupId == removal.Entity.Id
                    || removal.Db.JobInstanceGroups.Any(place => place.JobId == job.Id && place.InstanceGroupId == removal.Entity.Id)))
            .OrderBy(job => job.Id).Select(job => new { job.Id, job.Type }).Take(ActiveJobs.MaxListed).ToListAsync(cancellationToken);
        if (active.Count > 0)
        {
            throw ApiException.InUse([.. active.Select(job => (job.Id, job.Type))]);
        }

        var unfinished = await removal.Db.Jobs.Where(job => job.InstanceGroupId == removal.Entity.Id).Where(ActiveJobs.IsBeingStored(clock))
            .OrderBy(job => job.Id).Select(job => (long?)job.Id).FirstOrDefaultAsync(cancellationToken);
        if (unfinished is { } id)
        {
            throw ApiException.Forbidden($"Related job {id} is still processing events.");
        }
    }
}
