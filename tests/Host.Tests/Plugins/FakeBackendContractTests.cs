using ContainerGroups.Abstractions;
using ContainerGroups.Plugins.Testing;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Plugins;

/// <summary>Holds the fake backend to the contract, as the host has it: loaded from disk as a plugin, behind its guard.</summary>
public sealed class FakeBackendContractTests : ExecutionBackendContract, IDisposable
{
    private const string OutputFile = "output.bin";

    private readonly string _directory = Directory.CreateTempSubdirectory("cg-fake-").FullName;
    private readonly List<CatalogRig> _rigs = [];

    protected override BackendTarget Target { get; } =
        new() { InstanceGroupId = 1, InstanceGroupName = "default", InstanceHostname = "here" };

    public void Dispose()
    {
        _rigs.ForEach(rig => rig.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    protected override IExecutionBackend CreateBackend(string installationId)
    {
        var rig = new CatalogRig([TestPlugins.Directory("FakeBackend")], ("Settings:fake:directory", _directory));
        _rigs.Add(rig);
        rig.LoadAsync(installationId).GetAwaiter().GetResult();
        return rig.Catalog.GetBackend("fake");
    }

    protected override StartRequest Describe(ProgramBehaviour behaviour)
    {
        var words = new List<string> { "fake", $"output_entry={OutputFile}", $"repeat={behaviour.Repetitions}", $"exit={behaviour.ExitCode}" };
        if (behaviour.RunsUntilCanceled)
        {
            words.AddRange("run_for=ever", "print_for=0");
        }

        if (behaviour.IgnoresPoliteSignal)
        {
            words.Add("ignore_term=true");
        }

        if (behaviour.Signal is { } signal)
        {
            words.Add($"signal={signal}");
        }

        if (behaviour.PrintedVariable is { } variable)
        {
            words.Add($"print_variable={variable}");
        }

        return new StartRequest { Command = words, Payload = TarPayload.Of((OutputFile, behaviour.Output)) };
    }
}
