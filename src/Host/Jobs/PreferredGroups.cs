using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary>Which instance groups a job may use, in order, by AWX's rules: those asked for; else the template's, the inventory's and the
/// organization's, as far as nobody forbids to fall back; else <c>default</c>.</summary>
internal static class PreferredGroups
{
    public static async Task<IReadOnlyList<long>> ResolveAsync(
        AppDb db, IReadOnlyList<long> asked, JobTemplate? template, Inventory? inventory, long? organizationId, CancellationToken cancellationToken)
    {
        if (asked.Count > 0)
        {
            return [.. asked.Distinct()];
        }

        var groups = new List<long>();
        if (template is not null)
        {
            groups.AddRange(await InOrderAsync(db.JobTemplateInstanceGroups.Where(g => g.JobTemplateId == template.Id), cancellationToken));
        }

        if (template?.PreventInstanceGroupFallback != true)
        {
            if (inventory is not null)
            {
                groups.AddRange(await InOrderAsync(db.InventoryInstanceGroups.Where(g => g.InventoryId == inventory.Id), cancellationToken));
            }

            if (inventory?.PreventInstanceGroupFallback != true && organizationId is { } organization)
            {
                groups.AddRange(await InOrderAsync(
                    db.OrganizationInstanceGroups.Where(g => g.OrganizationId == organization), cancellationToken));
            }
        }

        return groups.Count > 0
            ? [.. groups.Distinct()]
            : await db.InstanceGroups.Where(g => g.Name == InstanceGroup.DefaultName).Select(g => g.Id).ToListAsync(cancellationToken);
    }

    private static Task<List<long>> InOrderAsync<T>(IQueryable<T> groups, CancellationToken cancellationToken)
        where T : PreferredInstanceGroup =>
        groups.OrderBy(g => g.Position).Select(g => g.InstanceGroupId).ToListAsync(cancellationToken);
}
