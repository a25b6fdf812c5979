namespace ContainerGroups.Host.Storage;

/// <summary>AWX's roles, each of one kind of object. The numbers are stored, and part of the ids that clients keep: they never change.</summary>
public enum ObjectRole
{
    /// <summary>No grant: the user's own flag.</summary>
    SystemAdministrator = 1,

    /// <summary>No grant: the user's own flag.</summary>
    SystemAuditor = 2,

    OrganizationAdmin = 10,
    OrganizationExecute = 11,
    OrganizationProjectAdmin = 12,
    OrganizationInventoryAdmin = 13,
    OrganizationCredentialAdmin = 14,
    OrganizationJobTemplateAdmin = 15,
    OrganizationExecutionEnvironmentAdmin = 16,
    OrganizationAuditor = 17,
    OrganizationMember = 18,
    OrganizationRead = 19,

    TeamAdmin = 30,
    TeamMember = 31,
    TeamRead = 32,

    ProjectAdmin = 40,
    ProjectUse = 41,
    ProjectUpdate = 42,
    ProjectRead = 43,

    InventoryAdmin = 50,
    InventoryUpdate = 51,
    InventoryAdhoc = 52,
    InventoryUse = 53,
    InventoryRead = 54,

    JobTemplateAdmin = 60,
    JobTemplateExecute = 61,
    JobTemplateRead = 62,

    CredentialAdmin = 70,
    CredentialUse = 71,
    CredentialRead = 72,

    InstanceGroupAdmin = 80,
    InstanceGroupUse = 81,
    InstanceGroupRead = 82,
}

/// <summary>AWX's names of the kinds of objects that have roles.</summary>
public static class ObjectKinds
{
    public const string System = "";
    public const string Organization = "organization";
    public const string Team = "team";
    public const string Project = "project";
    public const string Inventory = "inventory";
    public const string JobTemplate = "job_template";
    public const string Credential = "credential";
    public const string InstanceGroup = "instance_group";
}
