namespace ContainerGroups.Host.Storage;

/// <summary>A role on one object, given to a user or to a team. What the role implies is not stored.</summary>
public sealed class RoleGrant
{
    public long Id { get; set; }

    public ObjectRole Role { get; set; }

    /// <summary>The object; of which kind it is, the role says.</summary>
    public long ObjectId { get; set; }

    /// <summary>Who has the role; null when a team has it.</summary>
    public long? UserId { get; set; }

    public User? User { get; set; }

    /// <summary>Whose members have the role; null when a user has it.</summary>
    public long? TeamId { get; set; }

    public Team? Team { get; set; }

    // The object once more, by kind: the database takes the grant away with it.

    public long? OnOrganizationId { get; private set; }

    public Organization? OnOrganization { get; private set; }

    public long? OnTeamId { get; private set; }

    public Team? OnTeam { get; private set; }

    public long? OnProjectId { get; private set; }

    public long? OnInventoryId { get; private set; }

    public long? OnJobTemplateId { get; private set; }

    public long? OnCredentialId { get; private set; }

    public long? OnInstanceGroupId { get; private set; }

    public static RoleGrant ToUser(ObjectRole role, long objectId, long userId) => On(role, objectId, userId, null);

    public static RoleGrant ToTeam(ObjectRole role, long objectId, long teamId) => On(role, objectId, null, teamId);

    private static RoleGrant On(ObjectRole role, long objectId, long? userId, long? teamId)
    {
        var grant = new RoleGrant { Role = role, ObjectId = objectId, UserId = userId, TeamId = teamId };
        switch (RoleDefinition.Of(role).Kind)
        {
            case ObjectKinds.Organization:
                grant.OnOrganizationId = objectId;
                break;
            case ObjectKinds.Team:
                grant.OnTeamId = objectId;
                break;
            case ObjectKinds.Project:
                grant.OnProjectId = objectId;
                break;
            case ObjectKinds.Inventory:
                grant.OnInventoryId = objectId;
                break;
            case ObjectKinds.JobTemplate:
                grant.OnJobTemplateId = objectId;
                break;
            case ObjectKinds.Credential:
                grant.OnCredentialId = objectId;
                break;
            case ObjectKinds.InstanceGroup:
                grant.OnInstanceGroupId = objectId;
                break;
            default:
                throw new ArgumentException($"{role} is on no object.", nameof(role));
        }

        return grant;
    }
}
