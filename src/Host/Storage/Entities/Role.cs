namespace ContainerGroups.Host.Storage;

/// <summary>
/// A role of one object as the API shows it. It has no table: every object has all roles of its kind, so they are computed, and their
/// ids with them.
/// </summary>
public sealed class Role
{
    /// <summary>Room for roles in an id, beside the object's.</summary>
    private const int Roles = 256;

    public long Id { get; set; }

    public ObjectRole Code { get; set; }

    /// <summary>One of <see cref="ObjectKinds"/>.</summary>
    public string ContentType { get; set; } = "";

    /// <summary>0 for a role of the whole system.</summary>
    public long ObjectId { get; set; }

    /// <summary>AWX's name of the role: <c>admin_role</c>.</summary>
    public string RoleField { get; set; } = "";

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string ResourceName { get; set; } = "";

    public static long IdOf(ObjectRole role, long objectId) => (objectId * Roles) + (int)role;

    /// <summary>The statement that stands for a table; the same on every database.</summary>
    public static string Sql
    {
        get
        {
            var tables = new (string Kind, string Table)[]
            {
                (ObjectKinds.Organization, "Organizations"), (ObjectKinds.Team, "Teams"), (ObjectKinds.Project, "Projects"),
                (ObjectKinds.Inventory, "Inventories"), (ObjectKinds.JobTemplate, "JobTemplates"), (ObjectKinds.Credential, "Credentials"),
                (ObjectKinds.InstanceGroup, "InstanceGroups"),
            };
            var objects = tables
                .Select(pair => $"SELECT '{pair.Kind}' AS \"ContentType\", \"Id\" AS \"ObjectId\", \"Name\" AS \"ResourceName\" FROM \"{pair.Table}\"")
                .Append("SELECT '', 0, ''");
            var roles = RoleDefinition.All.Select(role =>
                $"SELECT {(int)role.Role} AS \"Code\", '{role.Kind}' AS \"ContentType\", '{role.Field}' AS \"RoleField\", '{role.Name}' AS \"Name\", '{role.Description}' AS \"Description\"");
            return $"""
                SELECT o."ObjectId" * {Roles} + r."Code" AS "Id", r."Code", o."ContentType", o."ObjectId", r."RoleField", r."Name", r."Description", o."ResourceName"
                FROM ({string.Join(" UNION ALL ", objects)}) o
                JOIN ({string.Join(" UNION ALL ", roles)}) r ON r."ContentType" = o."ContentType"
                """;
        }
    }
}

/// <summary>What clients are told of a role.</summary>
/// <param name="Role">The role.</param>
/// <param name="Kind">One of <see cref="ObjectKinds"/>.</param>
/// <param name="Field">AWX's name of it: <c>admin_role</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="Description">For people, what it allows.</param>
public sealed record RoleDefinition(ObjectRole Role, string Kind, string Field, string Name, string Description)
{
    public static IReadOnlyList<RoleDefinition> All { get; } =
    [
        new(ObjectRole.SystemAdministrator, ObjectKinds.System, "system_administrator", "System Administrator", "Can manage all aspects of the system"),
        new(ObjectRole.SystemAuditor, ObjectKinds.System, "system_auditor", "System Auditor", "Can view all aspects of the system"),
        new(ObjectRole.OrganizationAdmin, ObjectKinds.Organization, "admin_role", "Admin", "Can manage all aspects of the organization"),
        new(ObjectRole.OrganizationExecute, ObjectKinds.Organization, "execute_role", "Execute", "May run any executable resources in the organization"),
        new(ObjectRole.OrganizationProjectAdmin, ObjectKinds.Organization, "project_admin_role", "Project Admin", "Can manage all projects of the organization"),
        new(ObjectRole.OrganizationInventoryAdmin, ObjectKinds.Organization, "inventory_admin_role", "Inventory Admin", "Can manage all inventories of the organization"),
        new(ObjectRole.OrganizationCredentialAdmin, ObjectKinds.Organization, "credential_admin_role", "Credential Admin", "Can manage all credentials of the organization"),
        new(ObjectRole.OrganizationJobTemplateAdmin, ObjectKinds.Organization, "job_template_admin_role", "Job Template Admin", "Can manage all job templates of the organization"),
        new(ObjectRole.OrganizationExecutionEnvironmentAdmin, ObjectKinds.Organization, "execution_environment_admin_role", "Execution Environment Admin", "Can manage all execution environments of the organization"),
        new(ObjectRole.OrganizationAuditor, ObjectKinds.Organization, "auditor_role", "Auditor", "Can view all aspects of the organization"),
        new(ObjectRole.OrganizationMember, ObjectKinds.Organization, "member_role", "Member", "User is a member of the organization"),
        new(ObjectRole.OrganizationRead, ObjectKinds.Organization, "read_role", "Read", "May view settings for the organization"),
        new(ObjectRole.TeamAdmin, ObjectKinds.Team, "admin_role", "Admin", "Can manage all aspects of the team"),
        new(ObjectRole.TeamMember, ObjectKinds.Team, "member_role", "Member", "User is a member of the team"),
        new(ObjectRole.TeamRead, ObjectKinds.Team, "read_role", "Read", "May view settings for the team"),
        new(ObjectRole.ProjectAdmin, ObjectKinds.Project, "admin_role", "Admin", "Can manage all aspects of the project"),
        new(ObjectRole.ProjectUse, ObjectKinds.Project, "use_role", "Use", "Can use the project in a job template"),
        new(ObjectRole.ProjectUpdate, ObjectKinds.Project, "update_role", "Update", "May update the project"),
        new(ObjectRole.ProjectRead, ObjectKinds.Project, "read_role", "Read", "May view settings for the project"),
        new(ObjectRole.InventoryAdmin, ObjectKinds.Inventory, "admin_role", "Admin", "Can manage all aspects of the inventory"),
        new(ObjectRole.InventoryUpdate, ObjectKinds.Inventory, "update_role", "Update", "May update the inventory"),
        new(ObjectRole.InventoryAdhoc, ObjectKinds.Inventory, "adhoc_role", "Ad Hoc", "May run ad hoc commands on the inventory"),
        new(ObjectRole.InventoryUse, ObjectKinds.Inventory, "use_role", "Use", "Can use the inventory in a job template"),
        new(ObjectRole.InventoryRead, ObjectKinds.Inventory, "read_role", "Read", "May view settings for the inventory"),
        new(ObjectRole.JobTemplateAdmin, ObjectKinds.JobTemplate, "admin_role", "Admin", "Can manage all aspects of the job template"),
        new(ObjectRole.JobTemplateExecute, ObjectKinds.JobTemplate, "execute_role", "Execute", "May run the job template"),
        new(ObjectRole.JobTemplateRead, ObjectKinds.JobTemplate, "read_role", "Read", "May view settings for the job template"),
        new(ObjectRole.CredentialAdmin, ObjectKinds.Credential, "admin_role", "Admin", "Can manage all aspects of the credential"),
        new(ObjectRole.CredentialUse, ObjectKinds.Credential, "use_role", "Use", "Can use the credential in a job template"),
        new(ObjectRole.CredentialRead, ObjectKinds.Credential, "read_role", "Read", "May view settings for the credential"),
        new(ObjectRole.InstanceGroupAdmin, ObjectKinds.InstanceGroup, "admin_role", "Admin", "Can manage all aspects of the instance group"),
        new(ObjectRole.InstanceGroupUse, ObjectKinds.InstanceGroup, "use_role", "Use", "Can use the instance group in a job template"),
        new(ObjectRole.InstanceGroupRead, ObjectKinds.InstanceGroup, "read_role", "Read", "May view settings for the instance group"),
    ];

    private static readonly Dictionary<ObjectRole, RoleDefinition> ByRole = All.ToDictionary(definition => definition.Role);

    /// <summary>Whether people alone can have it: to be of an organization or a team, or at its head, is no matter of teams.</summary>
    public bool IsForUsersOnly => Role is ObjectRole.OrganizationAdmin or ObjectRole.OrganizationMember || Kind is ObjectKinds.Team or ObjectKinds.System;

    public static RoleDefinition Of(ObjectRole role) => ByRole[role];

    public static IEnumerable<RoleDefinition> OfKind(string kind) => All.Where(definition => definition.Kind == kind);
}
