using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Access;

/// <summary>Which rows a caller may see, one rule per entity. Every read, whatever its protocol, goes through these.</summary>
internal static class Visibility
{
    public static IQueryable<Organization> VisibleTo(this IQueryable<Organization> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<User> VisibleTo(this IQueryable<User> rows, Caller caller) =>
        caller.SeesEverything ? rows : rows.Where(user => user.Id == caller.UserId);

    public static IQueryable<Team> VisibleTo(this IQueryable<Team> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<Instance> VisibleTo(this IQueryable<Instance> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<InstanceGroup> VisibleTo(this IQueryable<InstanceGroup> rows, Caller caller) => AllOrNone(rows, caller);

    /// <summary>Types hold no secret, and who makes a credential has to find them.</summary>
    public static IQueryable<CredentialType> VisibleTo(this IQueryable<CredentialType> rows, Caller caller) => rows;

    public static IQueryable<Credential> VisibleTo(this IQueryable<Credential> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<ExecutionEnvironment> VisibleTo(this IQueryable<ExecutionEnvironment> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<Project> VisibleTo(this IQueryable<Project> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<Inventory> VisibleTo(this IQueryable<Inventory> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<InventoryHost> VisibleTo(this IQueryable<InventoryHost> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<InventoryGroup> VisibleTo(this IQueryable<InventoryGroup> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<JobTemplate> VisibleTo(this IQueryable<JobTemplate> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<UnifiedJob> VisibleTo(this IQueryable<UnifiedJob> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<Job> VisibleTo(this IQueryable<Job> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<ProjectUpdate> VisibleTo(this IQueryable<ProjectUpdate> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<JobEvent> VisibleTo(this IQueryable<JobEvent> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<JobHostSummary> VisibleTo(this IQueryable<JobHostSummary> rows, Caller caller) => AllOrNone(rows, caller);

    public static IQueryable<JobPhase> VisibleTo(this IQueryable<JobPhase> rows, Caller caller) => AllOrNone(rows, caller);

    /// <summary>Which plugins a server has, and what is wrong with them, is for those who look after it.</summary>
    public static IQueryable<PluginStatus> VisibleTo(this IQueryable<PluginStatus> rows, Caller caller) => AllOrNone(rows, caller);

    // Roles below the system's own come with their tables; until then who is neither sees nothing.
    private static IQueryable<T> AllOrNone<T>(IQueryable<T> rows, Caller caller)
        where T : class => caller.SeesEverything ? rows : rows.Where(_ => false);
}
