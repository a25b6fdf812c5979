using ContainerGroups.Abstractions;

namespace ContainerGroups.LocalInstance.Tests;

public sealed class SettingsTests
{
    [Test]
    public void WrongSettings_AreToldAllAtOnce()
    {
        using var data = new TemporaryDirectory();
        var settings = new InputValues([new("run_as", "-x; rm"), new("directory", "relative/path")]);

        var errors = Backends.Create(data.Path).ValidateSettings(settings);

        Assert.That(errors.Select(error => error.Field), Is.EquivalentTo(["run_as", "directory"]));
    }

    [Test]
    public async Task UnusableDirectory_IsUnhealthy()
    {
        using var data = new TemporaryDirectory();
        var file = data.File("file");
        File.WriteAllText(file, "");
        var target = new BackendTarget
        {
            InstanceGroupId = 1,
            InstanceGroupName = "default",
            Settings = new InputValues([new("directory", Path.Combine(file, "below"))]),
        };

        var health = await Backends.Create(data.Path).CheckHealthAsync(target, CancellationToken.None);

        Assert.That(health.Healthy, Is.False);
        Assert.That(health.Message, Does.Contain("file"));
    }

    [TestCase(2, "{}")]
    [TestCase(1, "{}")]
    [TestCase(1, "not json")]
    [TestCase(1, "{\"directory\":\"relative\"}")]
    [TestCase(1, "{\"directory\":7}")]
    [TestCase(1, "[]")]
    public void HandleThatIsNotOurs_IsLost(int version, string handleData)
    {
        using var data = new TemporaryDirectory();
        var handle = new EnvironmentHandle { Name = "x", Version = version, Data = handleData };
        var target = new BackendTarget { InstanceGroupId = 1, InstanceGroupName = "default" };

        var failure = Assert.ThrowsAsync<BackendException>(
            () => Backends.Create(data.Path).WaitForExitAsync(handle, target, CancellationToken.None));

        Assert.That(failure!.Reason, Is.EqualTo(BackendFailureReason.EnvironmentLost));
    }
}
