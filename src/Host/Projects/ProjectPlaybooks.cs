using System.Text.Json;
using System.Text.Json.Serialization;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Projects;

/// <summary>Which playbooks a project has, as far as is known without asking its source.</summary>
internal sealed class ProjectPlaybooks(ManualProjects manual)
{
    /// <summary>Relative paths in order; null when nothing is known, because the project was never updated.</summary>
    public async Task<IReadOnlyList<string>?> FindAsync(Project project, CancellationToken cancellationToken)
    {
        if (project.ScmType != ScmTypes.Manual)
        {
            return project.ScmRevision.Length == 0 ? null : Read(project.PlaybookFiles);
        }

        try
        {
            return await Playbooks.FindAsync(manual.Find(project.Name, project.LocalPath), cancellationToken);
        }
        catch (ProjectUnavailableException)
        {
            return [];
        }
    }

    public static string Write(IReadOnlyList<string> playbooks) => JsonSerializer.Serialize(playbooks, PlaybooksJson.Default.IReadOnlyListString);

    public static IReadOnlyList<string> Read(string json) => JsonSerializer.Deserialize(json, PlaybooksJson.Default.IReadOnlyListString) ?? [];
}

[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class PlaybooksJson : JsonSerializerContext;
