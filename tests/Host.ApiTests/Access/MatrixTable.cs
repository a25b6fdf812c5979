using System.Globalization;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Access;

/// <summary>A table in a text file: a row for each line, a column for each caller; lines that begin with # are for people.</summary>
internal sealed class MatrixTable
{
    private readonly List<(string Key, IReadOnlyDictionary<string, string> Cells)> _rows = [];

    public static MatrixTable Read(string file)
    {
        var table = new MatrixTable();
        List<string> columns = [];
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "tests/Host.ApiTests/Access", file)))
        {
            if (line.StartsWith("# column", StringComparison.Ordinal))
            {
                columns.Add(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]);
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                var (key, cells) = (line.Split('|')[0].Trim(), line.Split('|')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
                Assert.That(cells, Has.Length.EqualTo(columns.Count), line);
                table._rows.Add((key, columns.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second)));
            }
        }

        return table;
    }

    public IEnumerable<string> Keys => _rows.Select(row => row.Key);

    public string Cell(string key, string column) => _rows.Single(row => row.Key == key).Cells[column];

    /// <summary>Writes a table as the files have it, for a failure's message.</summary>
    public static string Format(IEnumerable<string> columns, IEnumerable<(string Key, IEnumerable<string> Cells)> rows)
    {
        var list = columns.ToList();
        var width = rows.Max(row => row.Key.Length) + 1;
        return string.Join('\n', list.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"# column {i + 1,2} {name}"))
            .Concat(rows.Select(row => $"{row.Key.PadRight(width)}| {string.Join(' ', row.Cells.Select(cell => cell.PadRight(3))).TrimEnd()}")));
    }
}
