using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Projects;

/// <summary>What a copy of a project has besides its fields. Files from elsewhere it fetches itself; an archive nobody would upload again.</summary>
internal static class ProjectCopy
{
    public static async Task FillAsync(ApiCall call, Project original, Project copy)
    {
        if (original is not { ScmType: ScmTypes.Archive, ScmRevision.Length: > 0 })
        {
            return;
        }

        (copy.ScmRevision, copy.PlaybookFiles) = (original.ScmRevision, original.PlaybookFiles);
        (copy.Status, copy.LastUpdated) = (original.Status, original.LastUpdated);
        var (from, to, digest) = (original.Id, copy.Id, original.ScmRevision);
        await call.Db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "ProjectArchiveChunks" ("ProjectId", "Digest", "Sequence", "Stored", "Data")
            SELECT {to}, "Digest", "Sequence", "Stored", "Data" FROM "ProjectArchiveChunks" WHERE "ProjectId" = {from} AND "Digest" = {digest}
            """,
            call.Cancellation);
    }
}
