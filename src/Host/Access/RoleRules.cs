using System.Collections.Frozen;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Access;

/// <summary>Which roles give which others, as in AWX. Only what people were given is stored; the rest follows from this table.</summary>
internal static class RoleRules
{
    /// <summary>A role, and those on the same object that give it.</summary>
    private static readonly (ObjectRole Role, ObjectRole[] GivenBy)[] OnSameObject =
    [
        (ObjectRole.OrganizationExecute, [ObjectRole.OrganizationAdmin]),
        (ObjectRole.OrganizationProjectAdmin, [ObjectRole.OrganizationAdmin]),
        (ObjectRole.OrganizationInventoryAdmin, [ObjectRole.OrganizationAdmin]),
        (ObjectRole.OrganizationCredentialAdmin, [ObjectRole.OrganizationAdmin]),
        (ObjectRole.OrganizationJobTemplateAdmin, [ObjectRole.OrganizationAdmin]),
        (ObjectRole.OrganizationExecutionEnvironmentAdmin, [ObjectRole.OrganizationAdmin]),
        (ObjectRole.OrganizationMember, [ObjectRole.OrganizationAdmin]),
        (ObjectRole.OrganizationRead,
        [
            ObjectRole.OrganizationMember, ObjectRole.OrganizationAuditor, ObjectRole.OrganizationExecute, ObjectRole.OrganizationProjectAdmin,
            ObjectRole.OrganizationInventoryAdmin, ObjectRole.OrganizationCredentialAdmin, ObjectRole.OrganizationJobTemplateAdmin,
            ObjectRole.OrganizationExecutionEnvironmentAdmin,
        ]),
        (ObjectRole.TeamMember, [ObjectRole.TeamAdmin]),
        (ObjectRole.TeamRead, [ObjectRole.TeamMember]),
        (ObjectRole.ProjectUse, [ObjectRole.ProjectAdmin]),
        (ObjectRole.ProjectUpdate, [ObjectRole.ProjectAdmin]),
        (ObjectRole.ProjectRead, [ObjectRole.ProjectUse, ObjectRole.ProjectUpdate]),
        (ObjectRole.InventoryUpdate, [ObjectRole.InventoryAdmin]),
        (ObjectRole.InventoryAdhoc, [ObjectRole.InventoryAdmin]),
        (ObjectRole.InventoryUse, [ObjectRole.InventoryAdhoc]),
        (ObjectRole.InventoryRead, [ObjectRole.InventoryUpdate, ObjectRole.InventoryUse]),
        (ObjectRole.JobTemplateExecute, [ObjectRole.JobTemplateAdmin]),
        (ObjectRole.JobTemplateRead, [ObjectRole.JobTemplateExecute]),
        (ObjectRole.CredentialUse, [ObjectRole.CredentialAdmin]),
        (ObjectRole.CredentialRead, [ObjectRole.CredentialUse]),
        (ObjectRole.InstanceGroupUse, [ObjectRole.InstanceGroupAdmin]),
        (ObjectRole.InstanceGroupRead, [ObjectRole.InstanceGroupUse]),
    ];

    /// <summary>A role on an object, and the one on the object's organization that gives it.</summary>
    private static readonly (ObjectRole Role, ObjectRole GivenBy)[] OnOrganization =
    [
        (ObjectRole.TeamAdmin, ObjectRole.OrganizationAdmin),
        (ObjectRole.TeamRead, ObjectRole.OrganizationAuditor),
        (ObjectRole.ProjectAdmin, ObjectRole.OrganizationProjectAdmin),
        (ObjectRole.ProjectRead, ObjectRole.OrganizationAuditor),
        (ObjectRole.InventoryAdmin, ObjectRole.OrganizationInventoryAdmin),
        (ObjectRole.InventoryRead, ObjectRole.OrganizationAuditor),
        (ObjectRole.JobTemplateAdmin, ObjectRole.OrganizationJobTemplateAdmin),
        (ObjectRole.JobTemplateExecute, ObjectRole.OrganizationExecute),
        (ObjectRole.JobTemplateRead, ObjectRole.OrganizationAuditor),
        (ObjectRole.CredentialAdmin, ObjectRole.OrganizationCredentialAdmin),
        (ObjectRole.CredentialRead, ObjectRole.OrganizationAuditor),
    ];

    private static readonly FrozenDictionary<ObjectRole, RoleSources> Sources =
        Enum.GetValues<ObjectRole>().ToFrozenDictionary(role => role, SourcesOf);

    /// <summary>Everything that gives a role.</summary>
    public static RoleSources Of(ObjectRole role) => Sources[role];

    private static RoleSources SourcesOf(ObjectRole role)
    {
        var own = Above(role).Distinct().ToArray();
        var organization = own.SelectMany(one => OnOrganization.Where(pair => pair.Role == one))
            .SelectMany(pair => Above(pair.GivenBy)).Distinct().ToArray();
        return new RoleSources(own, organization);
    }

    private static IEnumerable<ObjectRole> Above(ObjectRole role) =>
        OnSameObject.Where(pair => pair.Role == role).SelectMany(pair => pair.GivenBy).SelectMany(Above).Prepend(role);
}

/// <summary>What gives a role.</summary>
/// <param name="OnObject">Roles on the object, the role itself among them.</param>
/// <param name="OnOrganization">Roles on the object's organization; none for objects that belong to none.</param>
internal sealed record RoleSources(ObjectRole[] OnObject, ObjectRole[] OnOrganization);
