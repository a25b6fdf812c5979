using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Labels;

/// <summary>The labels of templates, inventories, schedules and jobs: their lists, and what their rows show of them.</summary>
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

    private static readonly Loader<Inventory> OfInventories = new(async (page, token) =>
    {
        var ids = page.Rows.Select(row => row.Id).ToList();
        return await ShownLabels.LoadAsync(
            page, page.Db.InventoryLabels.Where(place => ids.Contains(place.InventoryId)),
            place => new PlacedLabel(place.InventoryId, place.LabelId, place.Label.Name), token);
    });

    /// <summary><c>/job_templates/N/labels/</c>.</summary>
    public static ResourceBuilder<JobTemplate> Labels(this ResourceBuilder<JobTemplate> builder) => builder
        .SummaryPart("labels", OfTemplates, (JobTemplate row, ShownLabels all) => all.Of(row.Id))
        .Relation("labels", x => x.Labels.Select(place => place.Label))
        .LabelList<JobTemplate, JobTemplateLabel>(
            "job template", id => place => place.JobTemplateId == id, id => new JobTemplateLabel { JobTemplateId = id });

    /// <summary><c>/inventories/N/labels/</c>.</summary>
    public static ResourceBuilder<Inventory> Labels(this ResourceBuilder<Inventory> builder) => builder
        .SummaryPart("labels", OfInventories, (Inventory row, ShownLabels all) => all.Of(row.Id))
        .Relation("labels", x => x.Labels.Select(place => place.Label))
        .LabelList<Inventory, InventoryLabel>("inventory", id => place => place.InventoryId == id, id => new InventoryLabel { InventoryId = id });

    /// <summary><c>/schedules/N/labels/</c>; AWX shows none of them in the schedule itself.</summary>
    /// <param name="builder">Of schedules.</param>
    /// <param name="check">Throws where a schedule can't have any.</param>
    public static ResourceBuilder<Schedule> Labels(this ResourceBuilder<Schedule> builder, Func<ApiCall, Schedule, Task> check) => builder
        .Relation("labels", x => x.Labels.Select(place => place.Label))
        .LabelList<Schedule, ScheduleLabel>(
            "schedule", id => place => place.ScheduleId == id, id => new ScheduleLabel { ScheduleId = id }, check);

    /// <summary><c>/jobs/N/labels/</c>, where nothing changes.</summary>
    public static ResourceBuilder<Job> Labels(this ResourceBuilder<Job> builder)
    {
        builder.Rules.BeforeDelete.Add((removal, token) => UnusedLabels.DeleteWithJobAsync(removal.Db, removal.Entity.Id, token));
        return builder
            .SummaryPart("labels", OfJobs, (Job row, ShownLabels all) => all.Of(row.Id))
            .Relation("labels", x => x.Labels.Select(place => place.Label))
            .SubList<Label>("labels", (_, id) => label => label.Jobs.Any(place => place.JobId == id));
    }

    /// <summary>A list where labels are put on and taken off, and made.</summary>
    private static ResourceBuilder<TOwner> LabelList<TOwner, TPlace>(
        this ResourceBuilder<TOwner> builder, string ownerName, Func<long, Expression<Func<TPlace, bool>>> ofOwner, Func<long, TPlace> make,
        Func<ApiCall, TOwner, Task>? check = null)
        where TOwner : Entity
        where TPlace : LabelPlace
    {
        builder.Rules.BeforeDelete.Add((removal, token) =>
            UnusedLabels.DeleteWithAsync(removal.Db, removal.Db.Set<TPlace>().Where(ofOwner(removal.Entity.Id)), token));
        return builder.SubList(new SubList<TOwner, Label>("labels", (db, id) =>
        {
            var places = db.Set<TPlace>().Where(ofOwner(id));
            return label => places.Any(place => place.LabelId == label.Id);
        })
        {
            Prefill = (_, _) => { },
            FindKnown = FindKnownAsync,
            Attach = async (call, owner, label) =>
            {
                await (check?.Invoke(call, owner) ?? Task.CompletedTask);
                await AttachAsync(call, call.Db.Set<TPlace>().Where(ofOwner(owner.Id)), make(owner.Id), label.Id, ownerName);
            },
            Detach = async (call, owner, label) =>
            {
                await call.Db.Set<TPlace>().Where(ofOwner(owner.Id)).Where(place => place.LabelId == label.Id).ExecuteDeleteAsync(call.Cancellation);
                await UnusedLabels.DeleteAsync(call.Db, label.Id, call.Cancellation);
            },
        });
    }

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

    private static async Task AttachAsync<TPlace>(ApiCall call, IQueryable<TPlace> places, TPlace place, long labelId, string ownerName)
        where TPlace : LabelPlace
    {
        if (await places.AnyAsync(other => other.LabelId == labelId, call.Cancellation))
        {
            return;
        }

        if (await places.CountAsync(call.Cancellation) >= Most)
        {
            throw ApiException.BadMessage($"Maximum number of labels for {ownerName} reached.");
        }

        place.LabelId = labelId;
        call.Db.Add(place);
    }
}
