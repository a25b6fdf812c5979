namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>Queries that follow the grammar, mostly: of right parts in places that are often wrong for them.</summary>
internal sealed class RandomQuery(Random random)
{
    private static readonly string[] Numbers = ["Id", "ExitCode", "ElapsedSeconds", "Forks", "1", "0", "-1", "2.5", "9223372036854775807", "1e300", "INF", "Events/$count", "JobTemplate/Id"];

    private static readonly string[] Texts = ["Name", "Status", "JobTemplate/Name", "JobTemplate/Organization/Name", "'x'", "''", "'It''s %25_'", "'💥'", "'P1D'", "null"];

    private static readonly string[] Moments =
        ["Started", "Created", "Finished", "now()", "maxdatetime()", "mindatetime()", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "null"];

    private static readonly string[] Aliases = ["A", "B", "N", "S"];

    public string Next()
    {
        var path = Pick(["Jobs", "Jobs", "Jobs", "Jobs(1)", "Jobs(1)/Events", "Jobs/$count", "JobEvents", "JobTemplates(501)/Jobs", "Hosts", "$entity", "Jobs/$filter(@a)"]);
        var options = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Option(2));
        return $"{path}?{string.Join('&', options)}";
    }

    private string Option(int depth) => random.Next(11) switch
    {
        0 or 1 => "$filter=" + Condition(depth + 1),
        2 => "$orderby=" + Many(() => Value(depth) + Pick(["", " desc", " asc"])),
        3 => "$select=" + Many(() => Pick(["Id", "Name", "*", "JobTemplate", "A", "Events"])),
        4 => "$expand=" + Expand(depth),
        5 => "$apply=" + Apply(depth),
        6 => $"$compute={Many(() => $"{Value(depth)} as {Pick(Aliases)}")}",
        7 => "$search=" + Pick(["a", "a AND b", "NOT a OR \"b c\"", "(a", "AND"]),
        8 => Pick(["$top=", "$skip=", "$count=", "$skiptoken=", "$format=", "$id="]) + Pick(["0", "1", "100", "true", "s3", "json", "Jobs(1)", "WzFd"]),
        9 => "@a=" + Condition(depth),
        _ => "$levels=" + Pick(["1", "max"]),
    };

    private string Expand(int depth) => Many(() =>
    {
        var way = Pick(["Events", "JobTemplate", "HostSummaries", "Phases", "Organization", "Job", "*", "Events/$ref", "Events/$count", "JobTemplate/$ref"]);
        return depth == 0 || random.Next(3) == 0 ? way : $"{way}({string.Join(';', Enumerable.Range(0, random.Next(1, 3)).Select(_ => Option(depth - 1)))})";
    });

    private string Apply(int depth) => string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Transformation(depth)));

    private string Transformation(int depth) => random.Next(10) switch
    {
        0 or 1 => $"filter({Condition(depth)})",
        2 => $"compute({Many(() => $"{Value(depth)} as {Pick(Aliases)}")})",
        3 => $"aggregate({Many(Aggregate)})",
        4 or 5 => $"groupby(({Many(() => Pick(["Status", "Name", "JobTemplate/Name", "Started", "A", "Failed"]))}),aggregate({Many(Aggregate)}))",
        6 => $"groupby(({Many(() => Pick(["Status", "JobType", "rollup(Status,JobType)"]))}))",
        7 => $"{Pick(["topcount", "bottomcount", "topsum"])}({random.Next(4)},{Number(1)})",
        8 => $"{Pick(["orderby(Id desc)", "top(2)", "skip(1)", "identity", "search(a)"])}",
        _ => $"concat({Transformation(0)},{Transformation(0)})",
    };

    private string Aggregate() => random.Next(3) == 0
        ? $"$count as {Pick(Aliases)}"
        : $"{Value(1)} with {Pick(["sum", "min", "max", "average", "countdistinct", "custom"])} as {Pick(Aliases)}";

    private string Condition(int depth) => depth <= 0 ? Pick(["Failed", "true", "null", "A"]) : random.Next(11) switch
    {
        0 => $"({Condition(depth - 1)} and {Condition(depth - 1)})",
        1 => $"({Condition(depth - 1)} or {Condition(depth - 1)})",
        2 => $"not ({Condition(depth - 1)})",
        3 or 4 => $"{Number(depth)} {Comparison()} {Number(depth)}",
        5 => $"{Text(depth)} {Comparison()} {Text(depth)}",
        6 => $"{Moment(depth)} {Comparison()} {Moment(depth)}",
        7 => $"{Pick(["contains", "startswith", "endswith", "matchesPattern"])}({Text(depth)},{Text(0)})",
        8 => $"{Value(depth)} in ({Many(() => Value(0))})",
        9 => $"Events/{Pick(["any", "all"])}(e:{Condition(depth - 1).Replace("Failed", "e/Failed", StringComparison.Ordinal)})",
        _ => $"{Value(depth)} {Comparison()} {Value(depth)}",
    };

    private string Value(int depth) => random.Next(4) switch { 0 => Number(depth), 1 => Text(depth), 2 => Moment(depth), _ => depth > 0 ? Condition(depth - 1) : "Id" };

    private string Number(int depth) => depth <= 0 ? Pick(Numbers) : random.Next(8) switch
    {
        0 => $"({Number(depth - 1)} {Pick(["add", "sub", "mul", "div", "mod", "divby"])} {Number(depth - 1)})",
        1 => $"{Pick(["round", "floor", "ceiling", "length", "year", "hour", "totalseconds", "fractionalseconds", "cast"])}({Value(depth - 1)})",
        2 => $"indexof({Text(depth - 1)},{Text(0)})",
        3 => $"totalseconds({Moment(depth - 1)} sub {Moment(depth - 1)})",
        4 => $"case({Condition(depth - 1)}:{Number(0)},true:{Number(0)})",
        5 => $"cast({Value(depth - 1)},Edm.{Pick(["Int32", "Int64", "Double", "String", "Guid", "Nothing"])})",
        6 => $"-({Number(depth - 1)})",
        _ => Pick(Numbers),
    };

    private string Text(int depth) => depth <= 0 ? Pick(Texts) : random.Next(6) switch
    {
        0 => $"{Pick(["tolower", "toupper", "trim"])}({Text(depth - 1)})",
        1 => $"concat({Text(depth - 1)},{Text(depth - 1)})",
        2 => $"substring({Text(depth - 1)},{Number(0)})",
        3 => $"substring({Text(depth - 1)},{Number(0)},{Number(0)})",
        _ => Pick(Texts),
    };

    private string Moment(int depth) => depth <= 0 ? Pick(Moments) : random.Next(6) switch
    {
        0 => $"({Moment(depth - 1)} {Pick(["add", "sub"])} {Pick(["duration'PT1H'", "duration'P99999D'", "'P1D'"])})",
        1 => $"{Pick(["date", "time"])}({Moment(depth - 1)})",
        2 => Pick(["2026-01-01", "12:00:00", "23:59:59.9999999"]),
        _ => Pick(Moments),
    };

    private string Comparison() => Pick(["eq", "ne", "gt", "ge", "lt", "le"]);

    private string Many(Func<string> one) => string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => one()));

    private string Pick(string[] from) => from[random.Next(from.Length)];
}
