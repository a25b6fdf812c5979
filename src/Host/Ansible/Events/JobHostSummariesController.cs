using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>AWX's <c>/job_host_summaries/N/</c> and the list below each job.</summary>
internal sealed class JobHostSummariesController : IResourceController
{
    public Resource Describe() => new ResourceBuilder<JobHostSummary>(
            "job_host_summaries", "job_host_summary", (db, caller) => db.JobHostSummaries.VisibleTo(db, caller))
        .RootKey(null)
        .Methods(ResourceMethods.ReadOnly)
        .Id().TypeField().Url().RelatedField().SummaryFields()
        .ReadOnly(x => x.Created)
        .Computed("modified", FieldKind.DateTime, row => row.Created)
        .Reference<Job>(x => x.JobId, field => (field.ReadOnly, field.Required) = (true, false))
        .Reference<InventoryHost>(x => x.HostId, field => field.ReadOnly = true)
        .Computed("constructed_host", FieldKind.Id, _ => null)
        .ReadOnly(x => x.HostName)
        .ReadOnly(x => x.Changed)
        .ReadOnly(x => x.Dark)
        .ReadOnly(x => x.Failures)
        .ReadOnly(x => x.Ok)
        .ReadOnly(x => x.Processed)
        .ReadOnly(x => x.Skipped)
        .ReadOnly(x => x.Failed)
        .ReadOnly(x => x.Ignored)
        .ReadOnly(x => x.Rescued)
        .SearchIn("host_name")
        .OrderBy("host_name")
        .Build();
}
