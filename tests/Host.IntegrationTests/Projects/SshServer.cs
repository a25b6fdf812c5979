using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Projects;

/// <summary>The OpenSSH server on a port of this machine, which lets one key in and runs one command, whatever the other side asks for.</summary>
internal sealed class SshServer : IDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private readonly TemporaryDirectory _directory = new();
    private readonly int _port = FreePort();
    private readonly Process _process;

    /// <param name="authorized">The public key, or the line that trusts a certificate authority.</param>
    /// <param name="command">A shell script; what was asked for is in <c>SSH_ORIGINAL_COMMAND</c>.</param>
    public SshServer(string authorized, string command)
    {
        if (Environment.IsPrivilegedProcess)
        {
            // Where the server of a whole machine parts with its rights; nothing is stored in it.
            Directory.CreateDirectory("/run/sshd");
        }

        SshKeys.Make(_directory.File("host_key"), "");
        File.WriteAllText(_directory.File("authorized"), authorized);
        File.WriteAllText(_directory.File("command"), command.ReplaceLineEndings("\n"));
        File.WriteAllText(_directory.File("config"), $"""
            Port {_port}
            ListenAddress 127.0.0.1
            HostKey {_directory.File("host_key")}
            PidFile none
            AuthorizedKeysFile {_directory.File("authorized")}
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            ForceCommand /bin/sh {_directory.File("command")}
            LogLevel ERROR

            """);
        _process = Process.Start(new ProcessStartInfo(Program, ["-D", "-e", "-f", _directory.File("config")]) { RedirectStandardError = true })!;
    }

    public string Url(string path) => string.Create(CultureInfo.InvariantCulture, $"ssh://{Environment.UserName}@127.0.0.1:{_port}{path}");

    public int Port => _port;

    public Task ListensAsync() => Eventually.BeAsync(
        async () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"sshd ended: {await _process.StandardError.ReadToEndAsync()}");
            }

            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port).ContinueWith(_ => { }, TaskScheduler.Default);
            return client.Connected;
        },
        "sshd listens");

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _directory.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What fixtures that need the server are made of: nothing where there is none, except in continuous integration, which has to
    /// have one.</summary>
    internal sealed class WhereInstalled : IEnumerable
    {
        public IEnumerator GetEnumerator() =>
            (File.Exists(Program) || Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? [new TestFixtureData()] : Array.Empty<TestFixtureData>())
            .GetEnumerator();
    }
}
