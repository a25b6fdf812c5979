using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Jobs;

/// <summary>Jobs of all kinds in one list, each shown as its own kind is.</summary>
internal sealed class UnifiedJobsController(TimeProvider clock) : IResourceController
{
    public Resource Describe()
    {
        var builder = new ResourceBuilder<UnifiedJob>("unified_jobs", "unified_job", (db, caller) => db.UnifiedJobs.VisibleTo(db, caller))
            .Id()
            .TypeField(
                x => x.Type, ("job", TypeLabels.PlaybookRun), ("project_update", TypeLabels.ScmUpdate), ("ad_hoc_command", TypeLabels.AdHocCommand))
            .Url().RelatedField().SummaryFields().Moments()
            .Authors();
        return JobFields.AddUnified(builder, clock)
            .Methods(ResourceMethods.ReadOnly)
            .Summary("id", "name", "description", "status", "failed", "elapsed", "type", "canceled_on", "finished")
            .Build();
    }
}
