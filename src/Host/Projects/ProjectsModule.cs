using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Projects;

/// <summary>Where playbooks come from: directories, git repositories, uploaded archives.</summary>
internal static class ProjectsModule
{
    public static IServiceCollection AddProjects(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ProjectsOptions>().Bind(configuration.GetSection(ProjectsOptions.Section))
            .Validate(o => o.MaxConcurrentUpdates > 0, "Projects:MaxConcurrentUpdates must be at least 1.")
            .Validate(o => o.MaxArchiveRatio > 0, "Projects:MaxArchiveRatio must be at least 1.")
            .Validate(o => o.CachedSnapshots >= 0, "Projects:CachedSnapshots must not be negative.")
            .ValidateOnStart();
        services.AddSingleton(s => s.GetRequiredService<IOptions<ProjectsOptions>>().Value);
        services.AddSingleton(s => PathsOf(s.GetRequiredService<ProjectsOptions>(), s.GetRequiredService<DataDirectory>()));
        services.AddSingleton(s => new SnapshotCache(
            s.GetRequiredService<ProjectPaths>().Snapshots,
            s.GetRequiredService<ProjectsOptions>().CachedSnapshots,
            s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ManualProjects>();
        services.AddSingleton<GitCommand>();
        services.AddSingleton<GitLogins>();
        services.AddSingleton<GitRepositories>();
        services.AddSingleton<ProjectArchive>();
        services.AddSingleton<ArchiveStore>();
        services.AddSingleton<ArchiveUploads>();
        services.AddSingleton<ProjectFiles>();
        services.AddSingleton<ProjectPlaybooks>();
        services.AddSingleton<ProjectUpdates>();
        services.AddSingleton<ProjectUpdateStore>();
        services.AddSingleton<ProjectUpdateRun>();
        services.AddSingleton<ProjectCacheSweep>();
        services.AddSingleton<ProjectValidator>();
        services.AddSingleton<ProjectWrites>();
        services.AddResource<ProjectsController>();
        services.AddResource<ProjectUpdatesController>();
        services.AddHostedService<ProjectUpdater>();
        return services;
    }

    private static ProjectPaths PathsOf(ProjectsOptions options, DataDirectory data) => new(
        options.Root.Length > 0 ? Path.GetFullPath(options.Root, data.Root) : data.Subdirectory("projects"),
        data.Subdirectory("project-cache"));
}
