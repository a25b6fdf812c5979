using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Abstractions.Tests;

/// <summary>The contract as plugins see it, against the text that was approved: a change is a diff that somebody reads.</summary>
internal sealed class PublicApiTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Abstractions.Tests");

    [Test]
    public void PublicApi_IsTheApprovedOne()
    {
        var received = PublicApiPrinter.Print(typeof(IPlugin).Assembly.GetExportedTypes());
        var approvedFile = Path.Combine(Folder, "PublicApi.approved.txt");
        var receivedFile = Path.Combine(Folder, "PublicApi.received.txt");
        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile) : "";
        if (received == approved)
        {
            File.Delete(receivedFile);
            return;
        }

        File.WriteAllText(receivedFile, received);
        Assert.Fail($"""
            The contract has changed:
            {Diff(approved, received)}
            Removing or changing a member breaks plugins: that needs a new ContractVersion.Major. Adding one needs a new Minor.
            When the change is meant, replace PublicApi.approved.txt by PublicApi.received.txt.
            """);
    }

    [Test]
    public void Printer_ShowsWhatAPluginDependsOn()
    {
        var text = PublicApiPrinter.Print([typeof(Sample), typeof(ISample), typeof(SampleKind)]);
        Assert.That(text, Is.EqualTo(
            """
            interface ContainerGroups.Abstractions.Tests.PublicApiTests+ISample
                Task<IReadOnlyList<string?>> ReadAsync(long? from, string text = "a", CancellationToken cancellationToken = default)
                default int Count()

            sealed record ContainerGroups.Abstractions.Tests.PublicApiTests+Sample : ISample
                Task<IReadOnlyList<string?>> ReadAsync(long? from, string text, CancellationToken cancellationToken)
                const int Answer = 42
                int Count()
                new()
                required string Name { get; init; }
                static byte[]? Bytes { get; set; }
                string? Note { get; }

            enum ContainerGroups.Abstractions.Tests.PublicApiTests+SampleKind
                1 = First
                2 = Second


            """));
    }

    private static string Diff(string approved, string received)
    {
        var (before, after) = (approved.Split('\n'), received.Split('\n'));
        return string.Join('\n', Changes(before, after, "- ").Concat(Changes(after, before, "+ ")));
    }

    /// <summary>The lines of one text that the other lacks, each under the type that it belongs to.</summary>
    private static IEnumerable<string> Changes(string[] own, string[] other, string mark)
    {
        var known = WithHeads(other).ToHashSet();
        return WithHeads(own).Where(line => !known.Contains(line))
            .Select(line => mark + (line.Line == line.Head ? line.Head : $"{line.Head}: {line.Line.Trim()}"));
    }

    private static IEnumerable<(string Head, string Line)> WithHeads(string[] lines)
    {
        var head = "";
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            head = line.StartsWith(' ') ? head : line;
            yield return (head, line);
        }
    }

    public interface ISample
    {
        Task<IReadOnlyList<string?>> ReadAsync(long? from, string text = "a", CancellationToken cancellationToken = default);

        int Count() => 0;
    }

    public enum SampleKind
    {
        First = 1,
        Second = 2,
    }

    public sealed record Sample : ISample
    {
        public const int Answer = 42;

        public static byte[]? Bytes { get; set; }

        public required string Name { get; init; }

        public string? Note => null;

        public Task<IReadOnlyList<string?>> ReadAsync(long? from, string text, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public int Count() => 1;
    }
}
