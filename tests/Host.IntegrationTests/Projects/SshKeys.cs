using System.Diagnostics;

namespace ContainerGroups.Host.IntegrationTests.Projects;

/// <summary>Keys and certificates as <c>ssh-keygen</c> makes them.</summary>
internal static class SshKeys
{
    /// <summary>Makes a pair of keys: the private one in the file, the public one beside it.</summary>
    /// <returns>The private key.</returns>
    public static string Make(string file, string passphrase)
    {
        Run("-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", file);
        return File.ReadAllText(file);
    }

    /// <summary>Has an authority sign a public key.</summary>
    /// <returns>The certificate.</returns>
    public static string Sign(string authority, string file, string principal)
    {
        Run("-q", "-s", authority, "-I", "test", "-n", principal, file + ".pub");
        return File.ReadAllText(file + "-cert.pub");
    }

    private static void Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, error);
    }
}
