using System.Globalization;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>A filter as text, and what it means by OData's own rules, with null as unknown: worked out here, without the server's code.</summary>
internal sealed class RandomFilter(Random random)
{
    private static readonly string[] Texts = ["", "a", "b", "ab", "ba", "A", "it's", "x y"];

    /// <summary>A condition: true, false or unknown.</summary>
    public (string Text, Func<Job, bool?> Value) Condition(int depth)
    {
        if (depth == 0)
        {
            return Leaf();
        }

        var (left, right) = (Condition(depth - 1), Condition(random.Next(depth)));
        return random.Next(3) switch
        {
            0 => ($"({left.Text} and {right.Text})", job => And(left.Value(job), right.Value(job))),
            1 => ($"({left.Text} or {right.Text})", job => !And(!left.Value(job), !right.Value(job))),
            _ => ($"not ({left.Text})", job => !left.Value(job)),
        };
    }

    private (string Text, Func<Job, bool?> Value) Leaf() => random.Next(8) switch
    {
        0 or 1 => Compare(Number(1), Number(1)),
        2 => CompareMoments(),
        3 => CompareTexts(),
        4 => TextFunction(),
        5 => Listed(),
        6 => OfWhatMayBeMissing(),
        _ => random.Next(2) == 0 ? ("Failed", job => job.Failed) : ("Failed eq false", job => !job.Failed),
    };

    private (string, Func<Job, bool?>) Compare((string Text, Func<Job, double?> Value) left, (string Text, Func<Job, double?> Value) right)
    {
        var (name, meaning) = Operator();
        return ($"{left.Text} {name} {right.Text}", job => Decide(left.Value(job), right.Value(job), name, meaning));
    }

    private (string, Func<Job, bool?>) CompareMoments()
    {
        var moment = RandomRows.Start.AddHours(random.Next(100));
        var (name, meaning) = Operator();
        var literal = moment.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (random.Next(2) == 0)
        {
            return ($"Started {name} {literal}", job => Decide(job.Started?.Ticks, moment.Ticks, name, meaning));
        }

        return ($"date(Started) {name} {literal[..10]}", job => Decide(job.Started?.Date.Ticks, moment.Date.Ticks, name, meaning));
    }

    private (string, Func<Job, bool?>) CompareTexts()
    {
        var text = Texts[random.Next(Texts.Length)];
        var (name, meaning) = Operator();
        return ($"Name {name} {Quoted(text)}", job => meaning(string.CompareOrdinal(job.Name, text)));
    }

    private (string, Func<Job, bool?>) TextFunction()
    {
        var text = Texts[random.Next(Texts.Length)];
        return random.Next(5) switch
        {
            0 => ($"contains(Name,{Quoted(text)})", job => job.Name.Contains(text, StringComparison.Ordinal)),
            1 => ($"startswith(Name,{Quoted(text)})", job => job.Name.StartsWith(text, StringComparison.Ordinal)),
            2 => ($"endswith(Name,{Quoted(text)})", job => job.Name.EndsWith(text, StringComparison.Ordinal)),
            3 => ($"tolower(Name) eq {Quoted(text)}", job => job.Name.ToLowerInvariant() == text),
            _ => ($"concat(Name,{Quoted(text)}) eq {Quoted("a" + text)}", job => job.Name == "a"),
        };
    }

    private (string, Func<Job, bool?>) OfWhatMayBeMissing()
    {
        string[] texts = ["D", "De", "loy", "ed", "s", "Deploy"];
        var text = texts[random.Next(texts.Length)];
        (string Name, Func<string, bool> Meaning) function = random.Next(4) switch
        {
            0 => ("contains", name => name.Contains(text, StringComparison.Ordinal)),
            1 => ("startswith", name => name.StartsWith(text, StringComparison.Ordinal)),
            2 => ("endswith", name => name.EndsWith(text, StringComparison.Ordinal)),
            _ => ("matchesPattern", name => name.Contains(text, StringComparison.Ordinal)),
        };
        return ($"{function.Name}(JobTemplate/Name,{Quoted(text)})", job => RandomRows.TemplateNames[job.JobTemplateId ?? 0] is { } name ? function.Meaning(name) : null);
    }

    private (string, Func<Job, bool?>) Listed()
    {
        int?[] values = [random.Next(4), random.Next(4), random.Next(2) == 0 ? null : 2];
        var list = string.Join(',', values.Select(value => value?.ToString(CultureInfo.InvariantCulture) ?? "null"));
        return ($"ExitCode in ({list})", job => values.Contains(job.ExitCode));
    }

    /// <summary>A number, or null. Divisions are left out of fractions' way: they have rules of their own.</summary>
    private (string Text, Func<Job, double?> Value) Number(int depth)
    {
        if (depth > 0 && random.Next(3) == 0)
        {
            var (left, right) = (Number(depth - 1), Number(depth - 1));
            return random.Next(3) switch
            {
                0 => ($"({left.Text} add {right.Text})", job => left.Value(job) + right.Value(job)),
                1 => ($"({left.Text} sub {right.Text})", job => left.Value(job) - right.Value(job)),
                _ => ($"({left.Text} mul {right.Text})", job => left.Value(job) * right.Value(job)),
            };
        }

        var literal = random.Next(5);
        return random.Next(7) switch
        {
            0 => ("ExitCode", job => job.ExitCode),
            1 => ("Forks", job => job.Forks),
            2 => ("ElapsedSeconds", job => job.ElapsedSeconds),
            3 => ("length(Name)", job => job.Name.Length),
            4 => ("(Forks div 2)", job => job.Forks / 2),
            5 => ("year(Started)", job => job.Started?.Year),
            _ => (literal.ToString(CultureInfo.InvariantCulture), _ => literal),
        };
    }

    private (string Name, Func<int, bool> Meaning) Operator() => random.Next(6) switch
    {
        0 => ("eq", order => order == 0),
        1 => ("ne", order => order != 0),
        2 => ("gt", order => order > 0),
        3 => ("ge", order => order >= 0),
        4 => ("lt", order => order < 0),
        _ => ("le", order => order <= 0),
    };

    /// <summary>Null is equal to null and to nothing else; nothing is more or less than null.</summary>
    private static bool Decide(double? left, double? right, string name, Func<int, bool> meaning)
    {
        if (left is { } l && right is { } r)
        {
            return meaning(l.CompareTo(r));
        }

        var bothNull = left is null && right is null;
        return name switch
        {
            "eq" or "ge" or "le" => bothNull,
            "ne" => !bothNull,
            _ => false,
        };
    }

    private static bool? And(bool? left, bool? right) => left == false || right == false ? false : left is null || right is null ? null : true;

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
