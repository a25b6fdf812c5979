using System.Globalization;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Types;

namespace ContainerGroups.Host.Ansible.Secrets;

/// <summary>
/// How a playbook or module logs in to its hosts and opens what is encrypted: machine and vault credentials as files of ansible-runner's
/// directory and arguments that name them.
/// </summary>
internal sealed class PlaybookLogin
{
    private const string Directory = ".containergroups/";
    private const string PasswordFile = Directory + "connection_password";
    private const string BecomeFile = Directory + "become_password";

    private readonly List<string> _arguments = [];
    private readonly List<KeyValuePair<string, string>> _files = [];
    private readonly string _root;
    private bool _hasKey;

    /// <param name="credentials">The job's.</param>
    /// <param name="root">The way to the payload's root from where Ansible runs, with its slash, or empty.</param>
    public PlaybookLogin(IReadOnlyList<OpenCredential> credentials, string root)
    {
        _root = root;
        if (credentials.FirstOrDefault(credential => credential.Kind == CredentialKinds.Machine) is { } machine)
        {
            AddPasswords(machine.Values);
            AddKey(machine.Values);
        }

        foreach (var vault in credentials.Where(credential => credential.Kind == CredentialKinds.Vault))
        {
            AddVault(vault);
        }
    }

    /// <summary>Of Ansible's programs; none is secret. Files are named as seen from where the program runs.</summary>
    public IReadOnlyList<string> Arguments => _arguments;

    public IReadOnlyList<KeyValuePair<string, string>> Files => _files;

    /// <summary>The command behind an agent that has the machine credential's key, when there is one.</summary>
    public IReadOnlyList<string> Wrap(IReadOnlyList<string> command) => _hasKey ? KeyAgent.Wrap(command) : command;

    private void AddPasswords(InputValues values)
    {
        AddOption("--user", values.GetString("username"));
        AddFile("--connection-password-file", PasswordFile, values.GetString("password"));
        AddOption("--become-method", values.GetString("become_method"));
        AddOption("--become-user", values.GetString("become_username"));
        AddFile("--become-password-file", BecomeFile, values.GetString("become_password"));
    }

    private void AddKey(InputValues values)
    {
        if (values.GetString("ssh_key_data") is { Length: > 0 } key)
        {
            _files.AddRange(KeyAgent.Files(key, values.GetString("ssh_key_unlock"), values.GetString("ssh_public_key_data")));
            _hasKey = true;
        }
    }

    private void AddVault(OpenCredential vault)
    {
        if (vault.Values.GetString("vault_password") is not { Length: > 0 } password)
        {
            return;
        }

        var file = string.Create(CultureInfo.InvariantCulture, $"{Directory}vault_{vault.Id}");
        _files.Add(new(file, password + "\n"));
        _arguments.Add(vault.Values.GetString("vault_id") is { Length: > 0 } id ? $"--vault-id={id}@{_root}{file}" : $"--vault-password-file={_root}{file}");
    }

    private void AddOption(string option, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _arguments.Add($"{option}={value}");
        }
    }

    private void AddFile(string option, string file, string? content)
    {
        if (!string.IsNullOrEmpty(content))
        {
            _arguments.Add($"{option}={_root}{file}");
            _files.Add(new(file, content + "\n"));
        }
    }
}
