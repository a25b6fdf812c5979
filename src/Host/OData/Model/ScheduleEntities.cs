using ContainerGroups.Host.Access;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.OData.Model;

/// <summary>What is launched by the clock, and the words by which things are told apart. Variables are left out: people write secrets into them.</summary>
internal static class ScheduleEntities
{
    public static IEnumerable<EntityModel> All() => [Schedules(), Labels()];

    private static EntityModel<Schedule> Schedules() => new EntityModel<Schedule>(
            "Schedules", "Schedule", db => db.Schedules, Visibility.VisibleTo, "What launches job templates and updates projects again and again.")
        .Named()
        .Property(x => x.JobTemplateId, "What is launched; null when it is a project that is updated.")
        .Property(x => x.ProjectId)
        .Property(x => x.Enabled)
        .Property(x => x.Rrule, "A start and iCalendar rules.")
        .Property(x => x.Dtstart, "The first occurrence.")
        .Property(x => x.Dtend, "The last occurrence; null when there is none.")
        .Property(x => x.NextRun, "When it fires next; null when it is over or disabled.")
        .Property(x => x.InventoryId)
        .Property(x => x.ExecutionEnvironmentId)
        .Property(x => x.Limit)
        .One<JobTemplate>("JobTemplate", "JobTemplates", "JobTemplateId", (x, t) => t.Id == x.JobTemplateId, x => x.JobTemplate)
        .One<Project>("Project", "Projects", "ProjectId", (x, t) => t.Id == x.ProjectId, x => x.Project)
        .One<Inventory>("Inventory", "Inventories", "InventoryId", (x, t) => t.Id == x.InventoryId, x => x.Inventory)
        .One<ExecutionEnvironment>("ExecutionEnvironment", "ExecutionEnvironments", "ExecutionEnvironmentId", (x, t) => t.Id == x.ExecutionEnvironmentId, x => x.ExecutionEnvironment)
        .Many<Job>("Jobs", "Jobs", (x, t) => t.ScheduleId == x.Id)
        .Many<Label>("Labels", "Labels", (x, t) => t.Schedules.Any(place => place.ScheduleId == x.Id));

    private static EntityModel<Label> Labels() => new EntityModel<Label>(
            "Labels", "Label", db => db.Labels, Visibility.VisibleTo, "Words of organizations by which templates, inventories, schedules and jobs are told apart.")
        .Property(x => x.Id)
        .Property(x => x.Name, searched: true)
        .Property(x => x.Created)
        .Property(x => x.Modified)
        .Property(x => x.OrganizationId)
        .One<Organization>("Organization", "Organizations", "OrganizationId", (x, t) => t.Id == x.OrganizationId, x => x.Organization)
        .Many<JobTemplate>("JobTemplates", "JobTemplates", (x, t) => t.Labels.Any(place => place.LabelId == x.Id))
        .Many<Inventory>("Inventories", "Inventories", (x, t) => t.Labels.Any(place => place.LabelId == x.Id))
        .Many<Schedule>("Schedules", "Schedules", (x, t) => t.Labels.Any(place => place.LabelId == x.Id))
        .Many<Job>("Jobs", "Jobs", (x, t) => t.Labels.Any(place => place.LabelId == x.Id));
}
