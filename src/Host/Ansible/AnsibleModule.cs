namespace ContainerGroups.Host.Ansible;

/// <summary>Playbooks: what goes into an environment, and what comes out.</summary>
internal static class AnsibleModule
{
    public static IServiceCollection AddAnsible(this IServiceCollection services)
    {
        services.AddSingleton<ProgramBuilder>();
        services.AddSingleton<JobOutputs>();
        return services;
    }
}
