using ContainerGroups.Host.Access;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials;

/// <summary>What showing credentials needs besides their own rows: their types, and the names of their owners.</summary>
internal sealed record CredentialDetails(
    IReadOnlyDictionary<long, CredentialType> Types,
    IReadOnlyDictionary<long, Organization> Organizations,
    IReadOnlyDictionary<long, User> Users,
    IReadOnlyDictionary<long, Team> Teams)
{
    public static readonly Loader<Credential> Loader = new(async (page, token) => await LoadAsync(page, token));

    public CredentialType TypeOf(Credential row) => Types[row.CredentialTypeId];

    /// <summary>AWX's kind of a credential: the type's namespace.</summary>
    public string? KindOf(Credential row) => TypeOf(row).Namespace;

    public bool IsCloud(Credential row) => TypeOf(row).Kind == CredentialKinds.Cloud;

    public bool IsKubernetes(Credential row) => TypeOf(row).Kind == CredentialKinds.Kubernetes;

    /// <summary>Who owns it, as AWX tells it.</summary>
    public JsonPart OwnersOf(Credential row) => new(writer =>
    {
        writer.WriteStartArray();
        if (row.UserId is { } user && Users.TryGetValue(user, out var person))
        {
            Write("user", "users", user, person.Username, $"{person.FirstName} {person.LastName}".Trim());
        }

        if (row.TeamId is { } team && Teams.TryGetValue(team, out var group))
        {
            Write("team", "teams", team, group.Name, group.Description);
        }

        if (row.OrganizationId is { } organization && Organizations.TryGetValue(organization, out var owner))
        {
            Write("organization", "organizations", organization, owner.Name, owner.Description);
        }

        writer.WriteEndArray();

        void Write(string type, string segment, long id, string name, string description)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", id);
            writer.WriteString("type", type);
            writer.WriteString("name", name);
            writer.WriteString("description", description);
            writer.WriteString("url", $"{Resource.Root}{segment}/{id}/");
            writer.WriteEndObject();
        }
    });

    private static async Task<CredentialDetails> LoadAsync(LoadContext<Credential> page, CancellationToken cancellationToken) => new(
        await FindAsync(page.Db.CredentialTypes, page.Rows.Select(row => (long?)row.CredentialTypeId), cancellationToken),
        await FindAsync(page.Db.Organizations.VisibleTo(page.Db, page.Caller), page.Rows.Select(row => row.OrganizationId), cancellationToken),
        await FindAsync(page.Db.Users.VisibleTo(page.Db, page.Caller), page.Rows.Select(row => row.UserId), cancellationToken),
        await FindAsync(page.Db.Teams.VisibleTo(page.Db, page.Caller), page.Rows.Select(row => row.TeamId), cancellationToken));

    private static async Task<IReadOnlyDictionary<long, T>> FindAsync<T>(
        IQueryable<T> rows, IEnumerable<long?> ids, CancellationToken cancellationToken)
        where T : Entity
    {
        var wanted = ids.OfType<long>().Distinct().ToList();
        return await rows.AsNoTracking().Where(row => wanted.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
    }
}
