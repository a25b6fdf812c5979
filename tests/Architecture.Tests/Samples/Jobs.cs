// The upper folder of a tiny host; see Storage.cs.
namespace ContainerGroups.Architecture.Tests.Samples.Jobs;

[AttributeUsage(AttributeTargets.All)]
internal sealed class JobAttribute : Attribute;

internal class Job
{
    public static int Count { get; set; }
}

internal sealed class JobException : Exception;
