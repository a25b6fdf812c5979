using ContainerGroups.Host.Access;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Inventories;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Jobs;

/// <summary>What makes an ad hoc command legal, in AWX's words, and its launch on the way of all jobs.</summary>
internal sealed class AdHocLauncher(JobLauncher launcher)
{
    /// <summary>Variables by which Ansible itself is told how and where to run.</summary>
    private const string AnsiblePrefix = "ansible_";

    /// <param name="db">Read only.</param>
    /// <param name="command">With the values of the body, or those of a former command.</param>
    /// <param name="body">With passwords.</param>
    /// <param name="errors">What is already known to be wrong.</param>
    /// <param name="cancellationToken">Stops; what is stored by then runs.</param>
    /// <exception cref="ApiException">Something about it is wrong.</exception>
    public async Task LaunchAsync(AppDb db, AdHocCommand command, RequestBody body, FieldErrors errors, CancellationToken cancellationToken)
    {
        command.ModuleName = command.ModuleName.Length == 0 ? AdHocModules.Default : command.ModuleName;
        command.Name = command.ModuleName;
        await CheckAsync(db, command, errors, cancellationToken);
        var passwords = GivenPasswords.Read(body, errors);
        await launcher.LaunchAsync(command, [], passwords, errors, cancellationToken);
    }

    /// <summary>The same again, by somebody else.</summary>
    public static AdHocCommand Again(AdHocCommand former, Caller caller) => new()
    {
        LaunchType = LaunchTypes.Relaunch,
        JobType = former.JobType,
        InventoryId = former.InventoryId,
        Limit = former.Limit,
        CredentialId = former.CredentialId,
        ModuleName = former.ModuleName,
        ModuleArgs = former.ModuleArgs,
        Forks = former.Forks,
        Verbosity = former.Verbosity,
        ExtraVars = former.ExtraVars,
        BecomeEnabled = former.BecomeEnabled,
        DiffMode = former.DiffMode,
        ExecutionEnvironmentId = former.ExecutionEnvironmentId,
        CreatedById = caller.UserId,
        ModifiedById = caller.UserId,
    };

    private static async Task CheckAsync(AppDb db, AdHocCommand command, FieldErrors errors, CancellationToken cancellationToken)
    {
        if (command.InventoryId is null && !errors.Has("inventory"))
        {
            errors.Add("inventory", "No valid inventory.");
        }

        await CheckCredentialAsync(db, command, errors, cancellationToken);
        if (command.ModuleArgs.Length == 0 && AdHocModules.NeedsArguments(command.ModuleName) && !errors.Has("module_name") && !errors.Has("module_args"))
        {
            errors.Add("module_args", $"No argument passed to {command.ModuleName} module.");
        }

        if (VariablesText.TryParse(command.ExtraVars, out var variables, out _))
        {
            var refused = variables.Select(variable => variable.Key).Where(name => name.StartsWith(AnsiblePrefix, StringComparison.Ordinal))
                .OrderDescending(StringComparer.Ordinal).ToList();
            if (refused.Count > 0)
            {
                errors.Add("extra_vars", $"{string.Join(", ", refused)} are prohibited from use in ad hoc commands.");
            }
        }
    }

    /// <summary>Gives the command the one credential that it logs in with.</summary>
    private static async Task CheckCredentialAsync(AppDb db, AdHocCommand command, FieldErrors errors, CancellationToken cancellationToken)
    {
        if (errors.Has("credential"))
        {
            return;
        }

        if (command.CredentialId is not { } id)
        {
            errors.Add("credential", "This field cannot be blank.");
        }
        else if (await db.Credentials.AnyAsync(row => row.Id == id && row.CredentialType.Kind == CredentialKinds.Machine, cancellationToken))
        {
            command.Credentials.Add(new JobCredential { CredentialId = id });
        }
        else
        {
            errors.Add("credential", "You must provide a machine / SSH credential.");
        }
    }
}
