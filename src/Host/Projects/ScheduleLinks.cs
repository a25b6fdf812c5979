using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Projects;

/// <summary>What a run of anything shows of the schedule that launched it: a link and a summary, no field of its own, as in AWX.</summary>
internal static class ScheduleLinks
{
    public static ResourceBuilder<T> LaunchedBySchedule<T>(this ResourceBuilder<T> builder)
        where T : UnifiedJob => builder.Reference<Schedule>(
        x => x.ScheduleId, field => (field.ReadOnly, field.Hidden) = (true, true), "id", "name", "description", "next_run");
}
