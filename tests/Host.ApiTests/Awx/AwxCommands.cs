using System.Globalization;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Awx;

/// <summary>An ad hoc command that went well, and what a module told of a host.</summary>
internal static class AwxCommands
{
    public static async Task AddAsync(ApiServer server, Dictionary<string, string> known)
    {
        await using var db = server.Database.Open();
        var command = new AdHocCommand
        {
            Name = "ping",
            ModuleName = "ping",
            InventoryId = Number("inventory"),
            OrganizationId = Number("org"),
            CredentialId = Number("machine"),
            CreatedById = 1,
            Status = JobStatuses.Successful,
            HostStatusCounts = """{"ok":1}""",
            Started = DateTime.UtcNow.AddMinutes(-5),
            Finished = DateTime.UtcNow.AddMinutes(-4),
            EventProcessingFinished = true,
        };
        command.Credentials.Add(new JobCredential { CredentialId = Number("machine") });
        db.Add(command);
        await db.SaveChangesAsync();
        var told = new JobEvent
        {
            JobId = command.Id,
            Counter = 1,
            Uuid = "uuid",
            Event = "runner_on_ok",
            HostName = "h1",
            HostId = Number("host"),
            Stdout = "h1 | SUCCESS",
            EndLine = 1,
            Created = DateTime.UtcNow,
        };
        db.Add(told);
        db.Add(new OutputChunk { JobId = command.Id, Data = "h1 | SUCCESS\n"u8.ToArray(), Length = 13, LineFeeds = 1 });
        (command.OutputOffset, command.OutputLines) = (13, 1);
        db.Add(new InventoryGroupHost { GroupId = Number("group"), HostId = Number("host") });
        await db.SaveChangesAsync();
        (known["command"], known["outcome"]) = (command.Id.ToString(CultureInfo.InvariantCulture), told.Id.ToString(CultureInfo.InvariantCulture));

        long Number(string name) => long.Parse(known[name], CultureInfo.InvariantCulture);
    }
}
