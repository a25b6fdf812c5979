using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials;

/// <summary>The credentials of templates and jobs: their lists, and what their rows show of them.</summary>
internal static class CredentialLists
{
    private static readonly Loader<JobTemplate> OfTemplates = new(async (page, token) =>
    {
        var ids = page.Rows.Select(row => row.Id).ToList();
        var (seesAll, visible) = (page.Caller.SeesEverything, page.Db.Credentials.VisibleTo(page.Db, page.Caller).Select(row => row.Id));
        var rows = await page.Db.JobTemplateCredentials.AsNoTracking().Where(row => ids.Contains(row.JobTemplateId)).OrderBy(row => row.CredentialId)
            .Select(row => new ShownCredential(
                row.JobTemplateId,
                row.Credential.Id,
                row.Credential.Name,
                row.Credential.Description,
                row.Credential.CredentialType.Namespace,
                row.Credential.CredentialType.Kind,
                "",
                "",
                seesAll || visible.Contains(row.CredentialId)))
            .ToListAsync(token);
        return rows.ToLookup(row => row.OwnerId);
    });

    private static readonly Loader<Job> OfJobs = new(async (page, token) =>
    {
        var ids = page.Rows.Select(row => row.Id).ToList();
        var (seesAll, visible) = (page.Caller.SeesEverything, page.Db.Credentials.VisibleTo(page.Db, page.Caller).Select(row => row.Id));
        var rows = await page.Db.JobCredentials.AsNoTracking().Where(row => ids.Contains(row.JobId)).OrderBy(row => row.CredentialId)
            .Select(row => new ShownCredential(
                row.JobId,
                row.Credential.Id,
                row.Credential.Name,
                row.Credential.Description,
                row.Credential.CredentialType.Namespace,
                row.Credential.CredentialType.Kind,
                row.Credential.Inputs,
                row.Credential.Inputs.Contains(AttachedCredential.AskJson) ? row.Credential.CredentialType.Inputs : "",
                seesAll || visible.Contains(row.CredentialId)))
            .ToListAsync(token);
        return rows.ToLookup(row => row.OwnerId);
    });

    /// <summary><c>/job_templates/N/credentials/</c>, to which credentials are attached one by one.</summary>
    public static ResourceBuilder<JobTemplate> Credentials(this ResourceBuilder<JobTemplate> builder) => builder
        .SummaryPart("credentials", OfTemplates, (JobTemplate row, ILookup<long, ShownCredential> all) => Show(all[row.Id]))
        .Relation("credentials", x => x.Credentials.Select(place => place.Credential))
        .SubList(new SubList<JobTemplate, Credential>("credentials", (db, id) =>
            credential => db.JobTemplateCredentials.Any(place => place.JobTemplateId == id && place.CredentialId == credential.Id))
        {
            ChildNeeds = Right.UseRole,
            Attach = AttachAsync,
            Detach = async (call, template, credential) =>
            {
                await call.Db.JobTemplateCredentials.Where(place => place.JobTemplateId == template.Id && place.CredentialId == credential.Id)
                    .ExecuteDeleteAsync(call.Cancellation);
            },
        });

    /// <summary><c>/jobs/N/credentials/</c>.</summary>
    public static ResourceBuilder<Job> Credentials(this ResourceBuilder<Job> builder) => builder
        .SummaryPart("credentials", OfJobs, (Job row, ILookup<long, ShownCredential> all) => Show(all[row.Id]))
        .Relation("credentials", x => x.Credentials.Select(place => place.Credential))
        .SubList<Credential>("credentials", (db, id) =>
            credential => db.JobCredentials.Any(place => place.JobId == id && place.CredentialId == credential.Id));

    /// <summary>What a launch of the same again would ask for.</summary>
    public static ResourceBuilder<Job> PasswordsNeeded(this ResourceBuilder<Job> builder) => builder.Computed(
        "passwords_needed_to_start", FieldKind.Json, OfJobs, (Job row, ILookup<long, ShownCredential> all) => all[row.Id].SelectMany(Passwords).ToArray());

    private static IReadOnlyList<string> Passwords(ShownCredential credential) =>
        AttachedCredential.PasswordsOf(credential.Kind, credential.Inputs, credential.AskedSchema);

    private static async Task AttachAsync(ApiCall call, JobTemplate template, Credential credential)
    {
        var attached = call.Db.JobTemplateCredentials.Where(place => place.JobTemplateId == template.Id).Select(place => place.CredentialId);
        var all = await AttachedCredential.FindAsync(
            call.Db.Credentials.Where(row => row.Id == credential.Id || attached.Contains(row.Id)), call.Cancellation);
        if (all.Single(row => row.Id == credential.Id).Conflict(all) is { } conflict)
        {
            throw ApiException.BadError(conflict);
        }

        if (!await attached.ContainsAsync(credential.Id, call.Cancellation))
        {
            call.Db.JobTemplateCredentials.Add(new JobTemplateCredential { JobTemplateId = template.Id, CredentialId = credential.Id });
        }
    }

    private static JsonPart Show(IEnumerable<ShownCredential> credentials) => new(writer =>
    {
        writer.WriteStartArray();
        foreach (var credential in credentials.Where(credential => credential.IsVisible))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", credential.Id);
            writer.WriteString("name", credential.Name);
            writer.WriteString("description", credential.Description);
            writer.WriteString("kind", credential.Namespace);
            writer.WriteBoolean("cloud", credential.Kind == Types.CredentialKinds.Cloud);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private sealed record ShownCredential(
        long OwnerId,
        long Id,
        string Name,
        string Description,
        string? Namespace,
        string Kind,
        string Inputs,
        string AskedSchema,
        bool IsVisible);
}
