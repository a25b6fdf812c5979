namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>
/// Lets a host die at each step of a job's way, one life for each. Steps are told apart by what is done and for which time, not by their
/// place in the row: writes go on beside the backend's calls, so the row is not the same every time, and the place of a step in one life
/// says nothing about the next.
/// </summary>
internal static class CrashPoints
{
    /// <param name="live">
    /// A host takes one job to its end with a fuse set for the given step, or for none. Says which steps were made and whether the fuse
    /// has burnt; what has died is replaced, and the job finished, by then.
    /// </param>
    /// <returns>The steps at which a host has died.</returns>
    public static async Task<IReadOnlyCollection<string>> DieAtEachAsync(Func<string?, Task<(IReadOnlyList<string> Made, bool Died)>> live)
    {
        var known = new HashSet<string>((await live(null)).Made);
        var left = new Queue<string>(known);
        var died = new List<string>();
        while (left.TryDequeue(out var step))
        {
            var life = await live(step);
            foreach (var made in life.Made.Where(known.Add))
            {
                left.Enqueue(made);
            }

            if (life.Died)
            {
                died.Add(step);
            }
        }

        TestContext.Out.WriteLine(string.Join("; ", died));
        return died;
    }
}
