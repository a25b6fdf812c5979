namespace ContainerGroups.Host.Ansible.Secrets;

/// <summary>
/// Hands a private key to an agent of the job's own, before its program starts, and removes what it came in. ansible-runner could do so
/// too, but finds the question for a passphrase only where the path in it is short.
/// </summary>
internal static class KeyAgent
{
    private const string Directory = ".containergroups/";
    private const string Script = Directory + "ssh_add.sh";
    private const string KeyFile = Directory + "ssh_key";

    // Where ssh-add looks for the certificate of a key.
    private const string CertificateFile = KeyFile + "-cert.pub";
    private const string PassphraseFile = Directory + "ssh_passphrase";
    private const string AskFile = Directory + "ssh_ask";

    // A second question means that the answer to the first was wrong.
    private const string AskText = """
        #!/bin/sh
        case $1 in
            "Enter passphrase"*) exec cat "${0%/*}/ssh_passphrase" ;;
        esac
        exit 1

        """;

    // Without a display, ssh-add before OpenSSH 8.4 asks nobody. The agent ends with the program that takes the place of this shell.
    private const string ScriptText = $$"""
        here=$(pwd -P) || exit 1
        if [ -e {{AskFile}} ]; then
            chmod 700 {{AskFile}} || exit 1
            DISPLAY=:0 SSH_ASKPASS="$here/{{AskFile}}" SSH_ASKPASS_REQUIRE=force ssh-add -q {{KeyFile}} </dev/null
        else
            DISPLAY= SSH_ASKPASS= ssh-add -q {{KeyFile}} </dev/null
        fi
        added=$?
        rm -f {{KeyFile}} {{CertificateFile}} {{PassphraseFile}} {{AskFile}}
        if [ "$added" -ne 0 ]; then
            echo "The private key of the machine credential could not be loaded: check the key and its passphrase." >&2
            exit "$added"
        fi
        exec "$@"

        """;

    /// <summary>Names and contents, for the root of the payload.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Files(string key, string? passphrase, string? certificate)
    {
        yield return new(Script, ScriptText.ReplaceLineEndings("\n"));
        // A key whose last line does not end is refused.
        yield return new(KeyFile, key.ReplaceLineEndings("\n").TrimEnd('\n') + "\n");
        if (!string.IsNullOrEmpty(certificate))
        {
            yield return new(CertificateFile, certificate.TrimEnd() + "\n");
        }

        if (!string.IsNullOrEmpty(passphrase))
        {
            yield return new(PassphraseFile, passphrase + "\n");
            yield return new(AskFile, AskText.ReplaceLineEndings("\n"));
        }
    }

    /// <summary>The command behind an agent that has the key.</summary>
    public static IReadOnlyList<string> Wrap(IReadOnlyList<string> command) => ["ssh-agent", "sh", Script, .. command];
}
