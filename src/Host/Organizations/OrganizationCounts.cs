using System.Text.Json;

namespace ContainerGroups.Host.Organizations;

/// <summary>How much an organization owns.</summary>
internal sealed record OrganizationCounts(long Id, int Inventories, int Teams, int Users, int JobTemplates, int Admins, int Projects)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("inventories", Inventories);
        writer.WriteNumber("teams", Teams);
        writer.WriteNumber("users", Users);
        writer.WriteNumber("job_templates", JobTemplates);
        writer.WriteNumber("admins", Admins);
        writer.WriteNumber("projects", Projects);
        writer.WriteEndObject();
    }
}
