// Makes every call that is banned: the test of the test.
namespace ContainerGroups.Architecture.Tests.Samples;

internal static class Banned
{
    public static object[] Everything(Task<int> task) =>
    [
        DateTime.Now, DateTime.UtcNow, DateTime.Today, DateTimeOffset.Now, DateTimeOffset.UtcNow, task.Result,
    ];

    public static void Block(Task task)
    {
        Thread.Sleep(0);
        task.Wait();
        Task.WaitAll(task);
        Task.WaitAny(task);
    }
}
