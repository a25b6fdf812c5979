using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Labels;

/// <summary>The labels of templates and jobs: their lists, and what their rows show of them.</summary>
internal static class LabelLists
{
    /// <summary>AWX's most labels of one object.</summary>
    public const int Most = 100;

    private static readonly Loader<JobTemplate> OfTemplates = new(async (page, token) =>
    {
        var ids = page.Rows.Select(row => row.Id).ToList();
        return await ShownLabels.LoadAsync(
            page, page.Db.JobTemplateLabels.Where(place => ids.Contains(place.JobTemplateId)),
            place => new PlacedLabel(place.JobTemplateId, place.LabelId, place.Label.Name), token);
    });

    private static readonly Loader<Job> OfJobs = new(async (page, token) =>
    {
        var ids = page.Rows.Select(row => row.Id).ToList();
        return await ShownLabels.LoadAsync(
            page, page.Db.JobLabels.Where(place => ids.Contains(place.JobId)),
            place => new PlacedLabel(place.JobId, place.LabelId, place.Label.Name), token);
    });

    /// <summary><c>/job_templates/N/labels/</c>, where labels are put on and taken off, and made.</summary>
    public static ResourceBuilder<JobTemplate> Labels(this ResourceBuilder<JobTemplate> builder)
    {
        builder.Rules.BeforeDelete.Add((removal, token) => UnusedLabels.DeleteWithTemplateAsync(removal.Db, removal.Entity.Id, token));
        return builder
            .SummaryPart("labels", OfTemplates, (JobTemplate row, ShownLabels all) => all.Of(row.Id))
            .Relation("labels", x => x.Labels.Select(place => place.Label))
            .SubList(new SubList<JobTemplate, Label>("labels", (_, id) => OnTemplate(id))
            {
                Prefill = (_, _) => { },
                FindKnown = FindKnownAsync,
                Attach = AttachAsync,
                Detach = DetachAsync,
            });
    }

    /// <summary><c>/jobs/N/labels/</c>.</summary>
    public static ResourceBuilder<Job> Labels(this ResourceBuilder<Job> builder)
    {
        builder.Rules.BeforeDelete.Add((removal, token) => UnusedLabels.DeleteWithJobAsync(removal.Db, removal.Entity.Id, token));
        return builder
            .SummaryPart("labels", OfJobs, (Job row, ShownLabels all) => all.Of(row.Id))
            .Relation("labels", x => x.Labels.Select(place => place.Label))
            .SubList<Label>("labels", (_, id) => label => label.Jobs.Any(place => place.JobId == id));
    }

    private static Expression<Func<Label, bool>> OnTemplate(long id) => label => label.JobTemplates.Any(place => place.JobTemplateId == id);

    /// <summary>A label that is there already is put on in place of making another.</summary>
    private static async Task<long?> FindKnownAsync(ApiCall call, RequestBody body)
    {
        if (!body.TryGet("name", out var given) || given.ValueKind != JsonValueKind.String || !body.TryGet("organization", out var owner)
            || !long.TryParse(owner.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var organization))
        {
            return null;
        }

        var name = given.GetString()!;
        return name.Contains('\0', StringComparison.Ordinal) ? null : await call.Db.Labels
            .Where(label => label.Name == name && label.OrganizationId == organization)
            .Select(label => (long?)label.Id).SingleOrDefaultAsync(call.Cancellation);
    }

    private static async Task AttachAsync(ApiCall call, JobTemplate template, Label label)
    {
        var places = call.Db.JobTemplateLabels.Where(place => place.JobTemplateId == template.Id);
        if (await places.AnyAsync(place => place.LabelId == label.Id, call.Cancellation))
        {
            return;
        }

        if (await places.CountAsync(call.Cancellation) >= Most)
        {
            throw ApiException.BadMessage("Maximum number of labels for job template reached.");
        }

        call.Db.JobTemplateLabels.Add(new JobTemplateLabel { JobTemplateId = template.Id, LabelId = label.Id });
    }

    private static async Task DetachAsync(ApiCall call, JobTemplate template, Label label)
    {
        await call.Db.JobTemplateLabels.Where(place => place.JobTemplateId == template.Id && place.LabelId == label.Id)
            .ExecuteDeleteAsync(call.Cancellation);
        await UnusedLabels.DeleteAsync(call.Db, label.Id, call.Cancellation);
    }
}
