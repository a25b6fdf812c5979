using System.CommandLine;
using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Hosting;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Cli;

/// <summary><c>rotate-key</c>: gives the secrets of all credentials a new key, while no server runs.</summary>
internal sealed class RotateKeyCommand
{
    private readonly Option<string?> _data = new("--data") { Description = "The data directory (CG_DATA; ./data).", HelpName = "DIR" };

    public Command Create()
    {
        var command = new Command(
            "rotate-key",
            "Encrypts the secrets of all credentials with a new key. The server must be stopped; what is cut off is finished by the next call or start.");
        command.Options.Add(_data);
        command.SetAction((parsed, cancellationToken) => CommandLine.GuardAsync(() => RotateAsync(parsed, cancellationToken)));
        return command;
    }

    private async Task<int> RotateAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string[] args = parsed.GetValue(_data) is { } data ? ["--data", data] : [];
        RefuseNoStore(args);
        await using var app = HostApp.Build(args);
        try
        {
            // Holds the data directory, so that no server of it can start meanwhile.
            await app.Services.GetRequiredService<DatabaseStartup>().PrepareAsync(cancellationToken);
            await RefuseOtherHostsAsync(app.Services, cancellationToken);
            return await RotateAsync(app.Services.GetRequiredService<SecretKeys>(), cancellationToken);
        }
        catch (SecretUnavailableException e)
        {
            throw new CliException(ExitCodes.BadRequest, e.Message, e);
        }
    }

    /// <summary>To make a store, and a key for it, would look as if the one that was meant had a new key now.</summary>
    private static void RefuseNoStore(string[] args)
    {
        using var configuration = new ConfigurationManager();
        ConfigurationSources.AddTo(configuration, args);
        using var database = Database.From(configuration, DataDirectory.PathFrom(configuration));
        if (database.SqlitePath is { } file && !File.Exists(file))
        {
            throw new CliException(ExitCodes.BadRequest, $"There is no store in {Path.GetDirectoryName(file)}; name its data directory with --data.");
        }
    }

    private static async Task<int> RotateAsync(SecretKeys keys, CancellationToken cancellationToken)
    {
        await keys.PrepareAsync(cancellationToken);
        var left = keys.HasFinishedExchange ? 0 : await keys.RotateAsync(cancellationToken);
        if (left > 0)
        {
            var which = left == 1 ? "secret can't be decrypted and stays as it was" : "secrets can't be decrypted and stay as they were";
            throw new CliException(
                ExitCodes.BadRequest,
                $"{left} {which}; the log above names them. "
                + "Give them anew (passwords of jobs go when the jobs are deleted), then call this again. "
                + "Until then the old key is kept beside the new one.");
        }

        await Console.Out.WriteLineAsync(keys.HasFinishedExchange
            ? $"The exchange that had been cut off is finished; the key is {keys.Current.Id}."
            : $"All secrets are encrypted with the new key {keys.Current.Id}. Back up {keys.Description}; backups of the database need the old one.");
        return ExitCodes.Success;
    }

    private static async Task RefuseOtherHostsAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var own = services.GetRequiredService<HostIdentity>().Hostname;
        var since = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime - HostProcesses.SilentAfter;
        await using var db = await services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync(cancellationToken);
        var others = await db.HostProcesses.Where(host => host.Hostname != own && host.LastSeen > since).Select(host => host.Hostname)
            .ToListAsync(cancellationToken);
        if (others.Count > 0)
        {
            throw new CliException(
                ExitCodes.BadRequest, $"Stop the servers on {string.Join(", ", others)} first; afterwards each of them needs the new key file.");
        }
    }
}
