using ContainerGroups.Host.Access;
using ContainerGroups.Tests.Shared;
using ApiClient = ContainerGroups.Host.Cli.ApiClient;

namespace ContainerGroups.Host.IntegrationTests.Cli;

/// <summary>A user's directory with a data directory in it, and the executable with the plugins of this build.</summary>
internal sealed class CliRig : IDisposable
{
    private static readonly Dictionary<string, string> Variables = new() { ["CG_PLUGINS__DIRECTORIES__0"] = BuiltInPlugins.Directory };

    private readonly TemporaryDirectory _directory = new();

    public string Data => _directory.File("data");

    public string File(string name) => _directory.File(name);

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public ServerProcess Run(params string[] arguments) => Start(["run", "--data", Data, .. arguments]);

    public ServerProcess Start(params string[] arguments) => ServerProcess.Start(
        _directory.Path, Variables, arguments[0] == "run" ? arguments : [arguments[0], "--data", Data, .. arguments[1..]]);

    /// <summary>With standard output in a file, where bytes stay bytes.</summary>
    public ServerProcess RunToFile(string file, params string[] arguments) => ServerProcess.StartInShell(
        _directory.Path, Variables, $"exec \"$@\" >'{file}'", ["run", "--data", Data, .. arguments]);

    /// <summary>The API of a server of this directory, as its administrator.</summary>
    public async Task<ApiClient> ApiAsync(ServerProcess server)
    {
        var file = await server.ServesAsync(Data);
        var http = new HttpClient { BaseAddress = new Uri(file.Url) };
        http.DefaultRequestHeaders.Authorization =
            ApiClient.Authorization(await System.IO.File.ReadAllTextAsync(Path.Combine(Data, LocalToken.FileName)), null, null);
        return new ApiClient(http);
    }

    public void Dispose() => _directory.Dispose();
}
