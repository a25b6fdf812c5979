using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace ContainerGroups.Host.IntegrationTests.Credentials;

/// <summary>A playbook that checks what its credentials gave it, prints it in many ways, and waits meanwhile for a look at its processes.</summary>
internal static class LeakPlaybook
{
    /// <summary>The directory is where it says <c>started</c> and waits for <c>go</c>, as files; the rest is what it has to find.</summary>
    public static async Task<string> WriteAsync(string directory, string vault, string token, string cluster, string authority, string service)
    {
        var indented = string.Join("\n", (await EncryptAsync(directory, vault, "opened")).Split('\n').Select(line => "      " + line));
        return $$$"""
            - hosts: all
              gather_facts: false
              vars:
                sealed: !vault |
            {{{indented}}}
                secrets: "{{ playbook_dir }}/../.containergroups"
                token: "{{ lookup('env', 'MY_TOKEN') }}"
              tasks:
                - ansible.builtin.assert:
                    quiet: true
                    that:
                      - token | hash('sha256') == '{{{Hash(token)}}}'
                      - nested.token | hash('sha256') == '{{{Hash(token)}}}'
                      - lookup('file', nested.path) | hash('sha256') == '{{{Hash("key=" + token)}}}'
                      - lookup('env', 'MY_FILE') == nested.path
                      - lookup('env', 'K8S_AUTH_API_KEY') | hash('sha256') == '{{{Hash(cluster)}}}'
                      - lookup('file', lookup('env', 'K8S_AUTH_SSL_CA_CERT'), rstrip=false) | hash('sha256') == '{{{Hash(authority)}}}'
                      - lookup('env', 'AWS_SECRET_ACCESS_KEY') | hash('sha256') == '{{{Hash(service)}}}'
                      - sealed == 'opened'
                      - lookup('pipe', 'ssh-add -l') is search('RSA')
                - ansible.builtin.debug:
                    msg:
                      - "plain={{ token }}"
                      - "{{ token | b64encode }} {{ ('x' ~ token ~ 'y') | b64encode }} {{ ('xy' ~ token ~ 'z') | b64encode }}"
                      - "{{ token | urlencode }} {{ token | quote }} {{ token | to_json }}"
                      - "{{ {'cluster': lookup('env', 'K8S_AUTH_API_KEY')} | to_json | to_json }}"
                      - "{{ lookup('file', lookup('env', 'K8S_AUTH_SSL_CA_CERT')) }}"
                      - "{{ lookup('file', secrets ~ '/connection_password') }} {{ lookup('file', secrets ~ '/become_password') }}"
                      - "{{ lookup('file', secrets ~ '/connection_password') | quote }} {{ lookup('file', secrets ~ '/become_password') | b64encode }}"
                      - "{{ lookup('file', lookup('fileglob', secrets ~ '/vault_*')) | to_json }}"
                      - "{{ lookup('env', 'AWS_SECRET_ACCESS_KEY') }} {{ lookup('file', lookup('env', 'OVIRT_INI_PATH')) }}"
                      - "{{ lookup('file', lookup('env', 'OS_CLIENT_CONFIG_FILE')) }} {{ lookup('file', lookup('env', 'GCP_SERVICE_ACCOUNT_FILE')) | to_json }}"
                - ansible.builtin.command: cat {{ nested.path }}
                - ansible.builtin.file:
                    path: {{{directory}}}/started
                    state: touch
                - ansible.builtin.wait_for:
                    path: {{{directory}}}/go
                    timeout: 120

            """.ReplaceLineEndings("\n");
    }

    /// <summary>As <c>ansible-vault</c> seals it.</summary>
    private static async Task<string> EncryptAsync(string directory, string vault, string text)
    {
        var (password, plain) = (Path.Combine(directory, "vault"), Path.Combine(directory, "plain"));
        await File.WriteAllTextAsync(password, vault);
        await File.WriteAllTextAsync(plain, text);
        var start = new ProcessStartInfo("ansible-vault", ["encrypt", "--vault-password-file", password, "--output", "-", plain])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var sealedText = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        File.Delete(password);
        return sealedText.Trim();
    }

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
