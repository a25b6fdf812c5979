using System.Globalization;
using System.Text.Json;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Credentials.Types;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible.Secrets;

/// <summary>
/// How a playbook logs in to its hosts and opens what is encrypted: machine and vault credentials as files of ansible-runner's
/// directory and arguments that name them.
/// </summary>
internal sealed class PlaybookLogin
{
    private const string Directory = ".containergroups/";
    private const string PasswordFile = Directory + "connection_password";
    private const string BecomeFile = Directory + "become_password";
    private const string UnlockPrompt = @"^Enter passphrase for .*:\s*?$";

    private readonly List<string> _arguments = [];
    private readonly List<KeyValuePair<string, string>> _files = [];

    public PlaybookLogin(Job job, IReadOnlyList<OpenCredential> credentials)
    {
        if (credentials.FirstOrDefault(credential => credential.Kind == CredentialKinds.Machine) is { } machine)
        {
            AddPasswords(machine.Values);
            AddKey(job, machine.Values);
        }

        foreach (var vault in credentials.Where(credential => credential.Kind == CredentialKinds.Vault))
        {
            AddVault(vault);
        }
    }

    /// <summary>Of <c>ansible-playbook</c>; none is secret. Files are named as seen from the playbook's directory.</summary>
    public IReadOnlyList<string> Arguments => _arguments;

    public IReadOnlyList<KeyValuePair<string, string>> Files => _files;

    private void AddPasswords(InputValues values)
    {
        AddOption("--user", values.GetString("username"));
        AddFile("--connection-password-file", PasswordFile, values.GetString("password"));
        AddOption("--become-method", values.GetString("become_method"));
        AddOption("--become-user", values.GetString("become_username"));
        AddFile("--become-password-file", BecomeFile, values.GetString("become_password"));
    }

    /// <summary>ansible-runner hands the key to an agent of the job's own.</summary>
    private void AddKey(Job job, InputValues values)
    {
        if (values.GetString("ssh_key_data") is not { Length: > 0 } key)
        {
            return;
        }

        // An agent refuses a key whose last line does not end.
        _files.Add(new("env/ssh_key", key.ReplaceLineEndings("\n").TrimEnd('\n') + "\n"));
        if (values.GetString("ssh_key_unlock") is { Length: > 0 } passphrase)
        {
            _files.Add(new("env/passwords", JsonSerializer.Serialize(new Dictionary<string, string> { [UnlockPrompt] = passphrase })));
        }

        if (values.GetString("ssh_public_key_data") is { Length: > 0 } certificate)
        {
            // Where the agent looks for the certificate of the key that it is given.
            _files.Add(new(string.Create(CultureInfo.InvariantCulture, $"artifacts/{job.Id}/ssh_key_data-cert.pub"), certificate.TrimEnd() + "\n"));
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
        _arguments.Add(vault.Values.GetString("vault_id") is { Length: > 0 } id ? $"--vault-id={id}@../{file}" : $"--vault-password-file=../{file}");
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
            _arguments.Add($"{option}=../{file}");
            _files.Add(new(file, content + "\n"));
        }
    }
}
