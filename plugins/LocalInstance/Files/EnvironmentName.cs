using System.Globalization;

namespace ContainerGroups.LocalInstance.Files;

/// <summary>The name of a run directory: derived from whose it is, so that it is found again and never made twice.</summary>
internal sealed record EnvironmentName(string InstallationId, long JobId, int Attempt)
{
    private const string Prefix = "cg";

    public static EnvironmentName? Parse(string name, string installationId)
    {
        var start = $"{Prefix}-{installationId}-";
        if (!name.StartsWith(start, StringComparison.Ordinal))
        {
            return null;
        }

        var numbers = name[start.Length..].Split('-');
        return numbers.Length == 2
            && long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var jobId)
            && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            && new EnvironmentName(installationId, jobId, attempt) is var parsed && parsed.ToString() == name
                ? parsed
                : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{InstallationId}-{JobId}-{Attempt}");
}
