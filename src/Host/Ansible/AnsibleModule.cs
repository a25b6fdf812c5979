using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>Playbooks: what goes into an environment, and what comes out.</summary>
internal static class AnsibleModule
{
    public static IServiceCollection AddAnsible(this IServiceCollection services)
    {
        services.AddSingleton<ProgramBuilder>();
        services.AddSingleton<JobOutputs>();
        services.AddSingleton<OutcomeExplainer>();
        services.AddResource<JobEventsController>();
        services.AddResource<AdHocCommandEventsController>();
        services.AddResource<JobHostSummariesController>();
        return services;
    }

    /// <summary>What a job's playbook or module did, below the job.</summary>
    public static void MapAnsible(this IEndpointRouteBuilder endpoints)
    {
        var catalog = endpoints.ServiceProvider.GetRequiredService<ResourceCatalog>();
        if (catalog.Find(typeof(Job)) is Resource<Job> jobs)
        {
            new SubList<Job, JobEvent>("job_events", (_, id) => e => e.JobId == id).Map(endpoints, jobs, catalog);
            new SubList<Job, JobHostSummary>("job_host_summaries", (_, id) => summary => summary.JobId == id).Map(endpoints, jobs, catalog);
            jobs.MapBelow(endpoints, "job_events/children_summary", ChildrenSummary.GetAsync);
        }

        if (catalog.Find(typeof(AdHocCommand)) is Resource<AdHocCommand> commands)
        {
            var events = catalog.Resources.OfType<Resource<JobEvent>>().Single(resource => resource.IsSecondary);
            var list = new SubList<AdHocCommand, JobEvent>("events", (_, id) => e => e.JobId == id);
            new SubListEndpoints<AdHocCommand, JobEvent>(list, commands, events).Map(endpoints);
        }
    }
}
