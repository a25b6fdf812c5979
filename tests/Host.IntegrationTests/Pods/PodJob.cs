using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Pods;

/// <summary>A job of a test: it notes each of its starts outside of its pod, and can be told to go on.</summary>
/// <param name="Id">Of its row.</param>
/// <param name="Mark">The file in which its starts stand.</param>
internal sealed record PodJob(long Id, string Mark)
{
    /// <summary>Prints until it is released, so that it surely runs when something happens.</summary>
    public const string PrintsUntilReleased = """
        n=0; while [ ! -e "$0.released" ]; do n=$((n+1)); [ $n -gt 4000 ] || echo $n; sleep 0.01; done; seq $(((n > 4000 ? 4000 : n) + 1)) 5000
        """;

    public const string WaitsUntilReleased = """echo waiting; while [ ! -e "$0.released" ]; do sleep 0.02; done; echo released""";

    /// <summary>What <see cref="PrintsUntilReleased"/> prints in all, whenever that was.</summary>
    public static string Numbers { get; } = string.Concat(Enumerable.Range(1, 5000).Select(n => $"{n}\n"));

    /// <summary>How often its program was started, in any pod.</summary>
    public int Starts => File.Exists(Mark) ? File.ReadAllLines(Mark).Length : 0;

    public void Release() => File.WriteAllText(Mark + ".released", "");

    public Task StartsAsync() => Eventually.BeAsync(() => Starts > 0, $"the program of job {Id} is started");
}
