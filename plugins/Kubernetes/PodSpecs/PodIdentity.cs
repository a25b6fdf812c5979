using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>The name, labels and annotations by which a pod is told to be the one of (installation, job, attempt).</summary>
internal static class PodIdentity
{
    public const string InstallationLabel = "containergroups.io/installation";
    public const string JobLabel = "containergroups.io/job";
    public const string AttemptLabel = "containergroups.io/attempt";
    public const string JobNameAnnotation = "containergroups.io/job-name";

    // AWX's own, by which people and scripts know these pods.
    public const string AwxInstallationLabel = "ansible-awx";
    public const string AwxJobLabel = "ansible-awx-job-id";

    private const int MaxLabelLength = 63;
    private const int MaxJobNameLength = 256;

    /// <summary>At most 63 letters, a DNS label: the same for the same three, and for no others.</summary>
    public static string Name(string installationId, long jobId, int attempt)
    {
        var installation = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(installationId)))[..10];
        return string.Create(CultureInfo.InvariantCulture, $"cg-job-{jobId}-{attempt}-{installation}");
    }

    /// <summary>Finds every pod of an installation.</summary>
    public static string Selector(string installationId) => $"{InstallationLabel}={LabelValue(installationId)}";

    public static IReadOnlyDictionary<string, string> Labels(string installationId, long jobId, int attempt)
    {
        var (installation, job) = (LabelValue(installationId), jobId.ToString(CultureInfo.InvariantCulture));
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [AwxInstallationLabel] = installation,
            [AwxJobLabel] = job,
            [InstallationLabel] = installation,
            [JobLabel] = job,
            [AttemptLabel] = attempt.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A job's name as an annotation: one line, not endless.</summary>
    public static string JobName(string name)
    {
        var clean = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > MaxJobNameLength)
            {
                break;
            }

            clean.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar ? " " : rune.ToString());
        }

        return clean.ToString().Trim();
    }

    /// <summary>A text as a label's value: letters, digits, <c>-_.</c>, beginning and ending with a letter or digit.</summary>
    private static string LabelValue(string text)
    {
        var clean = new string([.. text.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-')]);
        return clean[..Math.Min(clean.Length, MaxLabelLength)].Trim('-', '_', '.');
    }
}
