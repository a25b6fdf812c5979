using System.CommandLine;
using System.Net;

namespace ContainerGroups.Host.Cli;

/// <summary><c>attach</c>: watches a job that was left running, from its first byte.</summary>
internal sealed class AttachCommand
{
    private readonly Argument<long> _job = new("JOB") { Description = "The job's number." };
    private readonly ConnectionOptions _connection = new();

    public Command Create()
    {
        var command = new Command("attach", "Watches a job until it ends, and ends with its exit status, as run does.");
        command.Arguments.Add(_job);
        _connection.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandLine.GuardAsync(() => AttachAsync(parsed, cancellationToken)));
        return command;
    }

    private async Task<int> AttachAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var id = parsed.GetValue(_job);
        await using var terminal = Terminal.Open();
        await using var link = new ServerLink(_connection.Read(parsed), terminal);
        await link.OpenAsync(cancellationToken);
        try
        {
            var job = await link.Api.GetAsync($"/api/v2/jobs/{id}/", cancellationToken);
            return await new JobSession(link, terminal, job).WatchAsync(cancellationToken);
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.NotFound)
        {
            throw new CliException(ExitCodes.BadRequest, $"There is no job {id}.", e);
        }
    }
}
