using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;

namespace ContainerGroups.Host.Api;

/// <summary><c>/api/v2/config/</c>: what clients want to know of the server before they begin.</summary>
internal sealed class ConfigController(ProjectPaths paths, ManualProjects manual)
{
    private const string License =
        """{"license_type":"open","valid_key":true,"subscription_name":"OPEN","product_name":"AWX"}""";

    private const string BecomeMethods =
        """
        [["sudo","Sudo"],["su","Su"],["pbrun","Pbrun"],["pfexec","Pfexec"],["dzdo","DZDO"],["pmrun","Pmrun"],["runas","Runas"],
        ["enable","Enable"],["doas","Doas"],["ksu","Ksu"],["machinectl","Machinectl"],["sesu","Sesu"]]
        """;

    public Task ShowAsync(ApiCall call) => call.AnswerAsync(StatusCodes.Status200OK, [.. ForEverybody(), .. ForAdministrators(call)]);

    private static (string, object?)[] ForEverybody() =>
    [
        ("time_zone", "UTC"),
        ("license_info", new RawJson(License)),
        ("version", ServerVersion.Current),
        ("eula", ""),
        ("analytics_status", "off"),
        ("analytics_collectors", new RawJson("{}")),
        ("become_methods", new RawJson(BecomeMethods)),
    ];

    /// <summary>Which directories a server has is for those who look after it.</summary>
    private (string, object?)[] ForAdministrators(ApiCall call) => call.Caller.SeesEverything
        ? [("project_base_dir", paths.Root), ("project_local_paths", manual.Candidates()), ("custom_virtualenvs", new RawJson("[]"))]
        : [];
}
