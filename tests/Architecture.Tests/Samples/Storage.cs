using ContainerGroups.Architecture.Tests.Samples.Jobs;

// The lower folder of a tiny host, with every kind of use that its order forbids: the test of the test.
namespace ContainerGroups.Architecture.Tests.Samples.Storage;

internal sealed class ByBaseType : Job;

internal sealed class ByField
{
    public IReadOnlyDictionary<string, Job[]>? Jobs { get; set; }
}

[Job]
internal sealed class ByAttribute;

internal sealed class ByConstraint<T>
    where T : Job;

internal sealed class ByParameter
{
    public static string Describe(Job? job) => $"{job}";
}

internal sealed class ByCode
{
    public static int Read() => Job.Count;
}

internal sealed class ByCatch
{
    public static int Read(Func<int> read)
    {
        try
        {
            return read();
        }
        catch (JobException)
        {
            return 0;
        }
    }
}

internal sealed class ByLambda
{
    public static Func<int> Read() => () => Job.Count;
}

internal sealed class ByAsync
{
    public static async Task<int> ReadAsync()
    {
        await Task.Yield();
        return Job.Count;
    }
}

internal sealed class ByIterator
{
    public static IEnumerable<int> Read()
    {
        yield return Job.Count;
    }
}

internal sealed class ByGenericMethod
{
    public static IEnumerable<object> Read(IEnumerable<object> all) => all.OfType<Job>();
}

internal sealed class ByTypeOf
{
    public static string Name() => typeof(Job).Name;
}

internal sealed class Innocent
{
    public static string Name() => nameof(Innocent);
}
