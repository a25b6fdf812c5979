using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Access;

/// <summary>Each caller does each thing to each kind of object; what comes of it is written in <c>matrix.txt</c>.</summary>
internal sealed partial class MatrixTests(DatabaseKind kind) : AccessFixture(kind)
{
    [Test]
    public async Task EveryCaller_GetsFromEveryMethod_WhatIsWritten()
    {
        var expected = MatrixTable.Read("matrix.txt");
        var columns = AccessWorld.Callers.Select(caller => caller.Name).ToList();
        var found = new List<(string Key, IEnumerable<string> Cells)>();
        var world = await MakeWorldAsync();
        foreach (var key in expected.Keys)
        {
            var cells = new List<string>();
            foreach (var caller in columns)
            {
                var status = await DoAsync(world, key, caller);
                cells.Add(status.ToString(CultureInfo.InvariantCulture));

                // What was changed or is gone must not answer the next caller otherwise.
                world = Changes(key, status) ? await MakeWorldAsync() : world;
            }

            found.Add((key, cells));
        }

        var wrong = found.SelectMany(row => columns.Zip(row.Cells).Where(cell => expected.Cell(row.Key, cell.First) != cell.Second)
            .Select(cell => $"{row.Key} by {cell.First}: {cell.Second}, not {expected.Cell(row.Key, cell.First)}")).ToList();
        Assert.That(wrong, Is.Empty, () => MatrixTable.Format(columns, found));
    }

    /// <summary>Whatever its user may do, a token to read with reads, and does nothing else.</summary>
    [Test]
    public async Task ReadOnlyToken_ReadsWhatItsUserReads_AndChangesNothing()
    {
        const string user = "sys-admin";
        var expected = MatrixTable.Read("matrix.txt");
        var token = (await Clients[user].PostAsync("tokens/", """{"scope":"read"}"""))["token"]!.ToString();
        using var reader = Server.Client(new AuthenticationHeaderValue("Bearer", token));
        var world = await MakeWorldAsync();
        var wrong = new List<string>();
        foreach (var key in expected.Keys)
        {
            var reads = key.StartsWith("GET ", StringComparison.Ordinal);
            var status = (await SendAsync(reader, world, key, user)).ToString(CultureInfo.InvariantCulture);
            var right = reads ? expected.Cell(key, user) : "403";
            if (status != right)
            {
                wrong.Add($"{key}: {status}, not {right}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    private static bool Changes(string key, int status) =>
        status is 202 or 204 || (status == 200 && (key.Contains("other-", StringComparison.Ordinal) || key.Contains("max_hosts", StringComparison.Ordinal)
            || key.Contains("\"organization\"", StringComparison.Ordinal)));

    /// <param name="world">The objects.</param>
    /// <param name="key">Method, path and body, in which words in braces stand for ids and <c>NEW</c> for a fresh name.</param>
    /// <param name="caller">Who asks.</param>
    private Task<int> DoAsync(AccessWorld world, string key, string caller) => SendAsync(Clients[caller], world, key, caller);

    private async Task<int> SendAsync(ApiClient client, AccessWorld world, string key, string caller)
    {
        var parts = key.Split(' ', 3);
        var answer = await client.SendAsync(HttpMethod.Parse(parts[0]), Fill(parts[1]), parts.Length > 2 ? Fill(parts[2]) : null);
        return (int)answer.Status;

        string Fill(string text) => Word().Replace(text, match => match.Value == "NEW"
            ? Guid.NewGuid().ToString("N")
            : IdOf(match.Groups[1].Value).ToString(CultureInfo.InvariantCulture));

        long IdOf(string word) => word.Split(':') switch
        {
            ["me"] => CallerIds.GetValueOrDefault(caller),
            [_, var role, var of] => Role.IdOf(Enum.Parse<ObjectRole>(role), world.Ids[of]),
            _ => world.Ids[word],
        };
    }

    [GeneratedRegex("<([^>]+)>|NEW")]
    private static partial Regex Word();
}
