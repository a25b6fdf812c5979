using System.Text.Json;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Plugins.Testing;

/// <summary>What <see cref="IEnvironmentPreview"/> asks of a backend that is one.</summary>
public abstract partial class ExecutionBackendContract
{
    private static readonly string[] Scribbles = ["", "{", "[]", "a: b: c", "\0", "- \t*x", "spec: [[[[", "\ud800"];

    /// <summary>The default, and nothing at all, are legal overrides.</summary>
    [Test]
    public void DefaultSpec_IsAnObject_AndALegalOverride()
    {
        if (Backend is not IEnvironmentPreview preview)
        {
            return;
        }

        using var spec = JsonDocument.Parse(preview.DefaultSpec);
        Assert.That(spec.RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object));
        Assert.That(preview.ValidateSpec(preview.DefaultSpec), Is.Empty);
        Assert.That(preview.ValidateSpec(""), Is.Empty);
    }

    /// <summary>People send anything.</summary>
    [Test]
    public void AnyText_IsJudged()
    {
        if (Backend is IEnvironmentPreview preview)
        {
            Assert.That(Scribbles.SelectMany(preview.ValidateSpec), Has.All.Matches<InputError>(error => error.Message.Length > 0));
        }
    }

    /// <summary>A preview is only looked at.</summary>
    [Test]
    public async Task Preview_IsAnObject_AndMakesNoEnvironment()
    {
        if (Backend is not IEnvironmentPreview preview)
        {
            return;
        }

        var job = NextJob();
        var shown = await SoonAsync(preview.PreviewAsync(
            new ProvisionRequest { Target = Target, JobId = job, Attempt = 1, JobName = "contract" }, false, CancellationToken.None));

        using var spec = JsonDocument.Parse(shown.Spec);
        Assert.That(spec.RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object));
        Assert.That(shown.Origins.Values, Has.All.Not.Empty);
        Assert.That(shown.Verdict, Is.Null);
        await foreach (var environment in Backend.ListEnvironmentsAsync(Target, CancellationToken.None))
        {
            Assert.That(environment.JobId, Is.Not.EqualTo(job));
        }
    }
}
