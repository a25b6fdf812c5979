namespace ContainerGroups.Tests.Shared;

/// <summary>What <c>ansible-runner run --json</c> printed for small playbooks, recorded once.</summary>
public static class Recordings
{
    /// <summary>Three hosts that change things, one of which fails, a fourth that can't be reached, a role, a rescue, a play for nobody.</summary>
    public static byte[] Site => Read("site");

    public static byte[] Read(string name) =>
        File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "Shared", "Recordings", name + ".jsonl"));
}
