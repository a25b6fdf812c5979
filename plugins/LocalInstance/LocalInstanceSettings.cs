using ContainerGroups.Abstractions;
using ContainerGroups.LocalInstance.Linux;

namespace ContainerGroups.LocalInstance;

/// <summary>What a group may set.</summary>
internal static class LocalInstanceSettings
{
    private const string RunAs = "run_as";
    private const string Directory = "directory";

    public static IReadOnlyList<InputField> Fields { get; } =
    [
        new InputField
        {
            Id = RunAs,
            Label = "Run as user",
            HelpText = "The system user that jobs run as. Needs a server that runs as root; without it jobs run as the server's own user.",
        },
        new InputField
        {
            Id = Directory,
            Label = "Directory for jobs",
            HelpText = "An absolute path below which every running job gets a private directory. Without it the server's data directory "
                + "is used, or /var/lib/containergroups-jobs when jobs run as another user.",
        },
    ];

    public static IReadOnlyList<InputError> Validate(InputValues settings)
    {
        List<InputError> errors = [];
        if (settings.GetString(RunAs) is { Length: > 0 } user && !UserAccount.IsLegalName(user))
        {
            errors.Add(new InputError
            {
                Field = RunAs,
                Message = "This can't be a user's name; use letters, digits, '.', '_' and '-', not beginning with '-'.",
            });
        }

        if (settings.GetString(Directory) is { Length: > 0 } directory && (directory[0] != '/' || directory.Contains('\0')))
        {
            errors.Add(new InputError { Field = Directory, Message = "This must be an absolute path, such as /srv/jobs." });
        }

        return errors;
    }

    /// <summary>The directory that the group asks for; null to leave it to the plugin.</summary>
    public static string? BaseDirectory(BackendTarget target) =>
        target.Settings.GetString(Directory) is { Length: > 0 } directory ? directory : null;

    /// <summary>The user that jobs run as; null for the server's own.</summary>
    /// <exception cref="BackendException">There is no such user, or the server may not become it.</exception>
    public static UserAccount? User(BackendTarget target)
    {
        if (target.Settings.GetString(RunAs) is not { Length: > 0 } name)
        {
            return null;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            throw new BackendException(
                BackendFailureReason.InvalidSettings,
                $"Jobs of the group {target.InstanceGroupName} shall run as {name}, which only a server that runs as root can do; "
                + "run the server as root or remove the setting run_as.");
        }

        return UserAccount.Find(name) ?? throw new BackendException(
            BackendFailureReason.InvalidSettings,
            $"Jobs of the group {target.InstanceGroupName} shall run as {name}, but this machine has no such user; make it or change the setting run_as.");
    }
}
