namespace ContainerGroups.Host.Rest;

/// <summary>
/// Names of what somebody may do with an object. The short ones are AWX's capabilities, told in <c>user_capabilities</c> and given by the
/// rules of the resource's description; the roles of an object are rights on it by their own names.
/// </summary>
internal static class Right
{
    public const string Edit = "edit";
    public const string Delete = "delete";
    public const string Copy = "copy";
    public const string Start = "start";
    public const string Schedule = "schedule";
    public const string Cancel = "cancel";
    public const string Use = "use";
    public const string Adhoc = "adhoc";

    /// <summary>To take a user into an organization or a team.</summary>
    public const string TakeIn = "take_in";

    public const string AdminRole = "admin_role";
    public const string UseRole = "use_role";
    public const string UpdateRole = "update_role";
    public const string AdhocRole = "adhoc_role";
    public const string ExecuteRole = "execute_role";
    public const string ReadRole = "read_role";
    public const string ProjectAdminRole = "project_admin_role";
    public const string InventoryAdminRole = "inventory_admin_role";
    public const string CredentialAdminRole = "credential_admin_role";
    public const string ExecutionEnvironmentAdminRole = "execution_environment_admin_role";
}
