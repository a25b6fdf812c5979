using ContainerGroups.Host.Rest;

namespace ContainerGroups.Host.Activity;

/// <summary>Who changed what. It is written where rows are, and shown here.</summary>
internal static class ActivityModule
{
    public static IServiceCollection AddActivity(this IServiceCollection services) => services.AddResource<ActivityStreamController>();
}
