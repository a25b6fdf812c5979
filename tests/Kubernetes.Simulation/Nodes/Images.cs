using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>What a node's container runtime knows about images. Every well-formed name can be pulled unless it is said otherwise.</summary>
public sealed partial class Images
{
    private readonly ConcurrentDictionary<string, string> _refused = new();
    private readonly ConcurrentDictionary<string, bool> _withoutShell = new();
    private readonly ConcurrentDictionary<string, bool> _present = new();

    /// <summary>No registry has the image, or none gives it out.</summary>
    /// <param name="image">As the pod names it.</param>
    /// <param name="why">The end of the runtime's message; that it is not found unless given.</param>
    public void Refuse(string image, string? why = null) => _refused[image] = why ?? $"{FullName(image)}: not found";

    /// <summary>The image can be pulled from now on.</summary>
    public void Allow(string image) => _refused.TryRemove(image, out _);

    /// <summary>Nothing can be executed in the image but its own program.</summary>
    public void HasNoShell(string image) => _withoutShell[image] = true;

    /// <summary>The image is on every node already.</summary>
    public void Preload(string image) => _present[image] = true;

    internal bool IsWithoutShell(string image) => _withoutShell.ContainsKey(image);

    internal bool IsPresent(string image) => _present.ContainsKey(image);

    internal string? Refusal(string image) => _refused.GetValueOrDefault(image);

    /// <returns>What is added to "invalid reference format"; null for a name that is none.</returns>
    internal static string? Mistake(string image)
    {
        var at = image.IndexOf('/');
        var hasDomain = at > 0 && (image.AsSpan(0, at).ContainsAny('.', ':') || image.StartsWith("localhost/", StringComparison.Ordinal));
        var repository = hasDomain ? image[(at + 1)..] : image;
        var tag = repository.IndexOf(':');
        repository = tag < 0 ? repository : repository[..tag];
        return repository != repository.ToLowerInvariant() ? ": repository name must be lowercase" : Reference().IsMatch(image) ? null : "";
    }

    internal static string FullName(string image) =>
        image.Contains('@') || image[(image.LastIndexOf('/') + 1)..].Contains(':') ? image : image + ":latest";

    internal static string IdOf(string image)
    {
        var name = image.Split('@')[0];
        var colon = name.LastIndexOf(':');
        return $"{(colon > name.LastIndexOf('/') ? name[..colon] : name)}@sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(image)))}";
    }

    [GeneratedRegex(@"^([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$")]
    private static partial Regex Reference();
}
