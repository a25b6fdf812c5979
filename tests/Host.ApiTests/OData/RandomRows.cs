using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>Jobs with values of little variety, so that filters tell them apart and bring them together.</summary>
internal static class RandomRows
{
    public const long FirstId = 1000;

    public static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>The names of the templates that jobs are of; of none, too.</summary>
    public static readonly Dictionary<long, string?> TemplateNames = new() { [0] = null, [501] = "Deploy", [503] = "Unused" };

    private static readonly string[] Names = ["", "a", "b", "ab", "ba", "A", "aB", "it's", "x y", "aab"];

    public static List<Job> Make(Random random, int count) => [.. Enumerable.Range(0, count).Select(i => new Job
    {
        Id = FirstId + i,
        Name = Names[random.Next(Names.Length)],
        Failed = random.Next(2) == 0,
        ExitCode = random.Next(3) == 0 ? null : random.Next(4),
        Forks = random.Next(5),
        ElapsedSeconds = random.Next(20) / 4.0,
        Created = Start,
        JobTemplateId = TemplateNames.Keys.ElementAt(random.Next(TemplateNames.Count)) is > 0 and var template ? template : null,
        Started = random.Next(3) == 0 ? null : Start.AddHours(random.Next(100)),
    })];
}
