using ContainerGroups.Host.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Hosting;

/// <summary>Why the server doesn't start, for the person who started it: what they can change, without a stack trace.</summary>
internal static class StartupFailure
{
    /// <summary>One sentence for what is known to go wrong; null for a fault of ours, which deserves its stack trace.</summary>
    public static string? Sentence(Exception exception) => exception switch
    {
        OptionsValidationException options => string.Join(" ", options.Failures.Distinct()),
        StorageException => exception.Message,
        IOException { InnerException: AddressInUseException } => $"{exception.Message} Choose another with --urls.",
        IOException or UnauthorizedAccessException => exception.Message,
        // Kestrel's and the configuration's own words for an address or a file that can't be read; the line stands in the innermost.
        InvalidDataException or FormatException => string.Join(' ', Causes(exception)),
        InvalidOperationException { InnerException: FormatException or ArgumentException } => exception.Message,
        _ => null,
    };

    private static IEnumerable<string> Causes(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException!)
        {
            yield return e.Message;
        }
    }
}
