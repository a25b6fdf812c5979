namespace ContainerGroups.Host.Rest;

/// <summary>What AWX calls the types of objects when it tells them to people.</summary>
internal static class TypeLabels
{
    public const string PlaybookRun = "Playbook Run";
    public const string ScmUpdate = "SCM Update";
    public const string AdHocCommand = "Command";

    private static readonly Dictionary<string, string> Special = new(StringComparer.Ordinal)
    {
        ["job"] = PlaybookRun,
        ["project_update"] = ScmUpdate,
        ["ad_hoc_command"] = AdHocCommand,
    };

    public static string Of(string typeName, string verboseName) => Special.GetValueOrDefault(typeName) ?? SnakeCase.ToTitle(verboseName);
}
