namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Finds the name that a misspelt one was meant to be.</summary>
internal static class NearNames
{
    private const int MaxDistance = 2;

    /// <summary>The nearest of the known names; null when none is near.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        // In a short name two letters are half of it.
        var limit = name.Length < 5 ? 1 : MaxDistance;
        return known.Select(candidate => (Name: candidate, Distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= limit)
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name).FirstOrDefault();
    }

    /// <summary>How many letters must be put in, taken out or changed, two neighbours that change places counting once.</summary>
    private static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > MaxDistance)
        {
            return int.MaxValue;
        }

        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var same = left[i - 1] == right[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[left.Length, right.Length];
    }
}
