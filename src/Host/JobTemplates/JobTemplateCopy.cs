using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.JobTemplates;

/// <summary>What a copy of a template has besides its fields. Who makes it has to have the use of that.</summary>
internal static class JobTemplateCopy
{
    public static async Task FillAsync(ApiCall call, JobTemplate original, JobTemplate copy)
    {
        var (db, token) = (call.Db, call.Cancellation);
        foreach (var credential in await db.JobTemplateCredentials.Where(place => place.JobTemplateId == original.Id)
            .Select(place => place.CredentialId).ToListAsync(token))
        {
            await call.Catalog.Get<Credential>().DemandAsync(call, credential, Right.UseRole);
            db.JobTemplateCredentials.Add(new JobTemplateCredential { JobTemplateId = copy.Id, CredentialId = credential });
        }

        foreach (var (group, position) in await GroupsAsync(call, original))
        {
            await call.Catalog.Get<InstanceGroup>().DemandAsync(call, group, Right.UseRole);
            db.JobTemplateInstanceGroups.Add(new JobTemplateInstanceGroup { JobTemplateId = copy.Id, InstanceGroupId = group, Position = position });
        }

        db.JobTemplateLabels.AddRange(await db.JobTemplateLabels.Where(place => place.JobTemplateId == original.Id)
            .Select(place => new JobTemplateLabel { JobTemplateId = copy.Id, LabelId = place.LabelId }).ToListAsync(token));
    }

    private static async Task<List<(long Group, int Position)>> GroupsAsync(ApiCall call, JobTemplate template) =>
        (await call.Db.JobTemplateInstanceGroups.Where(place => place.JobTemplateId == template.Id)
            .Select(place => new { place.InstanceGroupId, place.Position }).ToListAsync(call.Cancellation))
        .ConvertAll(place => (place.InstanceGroupId, place.Position));
}
