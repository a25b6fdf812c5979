namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>The fields of a Pod, read from the table that the assembly carries.</summary>
internal static class PodShape
{
    private const string Table = "pod-fields.txt";

    private static readonly Lazy<FieldShape> Root = new(Read);

    public static FieldShape Pod => Root.Value;

    private static FieldShape Read()
    {
        using var stream = typeof(PodShape).Assembly.GetManifestResourceStream(Table)
            ?? throw new InvalidOperationException($"The build left out the resource {Table}.");
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#')).Select(line => line.Split(": ", 2)).ToList();
        var objects = lines.ToDictionary(line => line[0], line => new FieldShape(line[0], ShapeKind.Object), StringComparer.Ordinal);
        foreach (var line in lines)
        {
            foreach (var field in line[1].Split("; "))
            {
                var (name, type) = field.Split(' ') is [var first, var second]
                    ? (first, second)
                    : throw new InvalidOperationException($"{Table}: '{field}' of {line[0]} is no field.");
                objects[line[0]].Fields.Add(name, Parse(type, objects));
            }
        }

        return objects["Pod"];
    }

    private static FieldShape Parse(string type, Dictionary<string, FieldShape> objects)
    {
        if (type.EndsWith(']'))
        {
            var open = type.IndexOf('[');
            var key = type[(open + 1)..^1];
            return new FieldShape(type, ShapeKind.List)
            {
                Item = Parse(type[..open], objects),
                MergesItems = key.Length > 0,
                MergeKey = key is "" or "*" ? null : key,
            };
        }

        return type switch
        {
            "any" => FieldShape.Any,
            "string" => new FieldShape(type, ShapeKind.String),
            "int" => new FieldShape(type, ShapeKind.Integer),
            "bool" => new FieldShape(type, ShapeKind.Boolean),
            "quantity" => new FieldShape(type, ShapeKind.Quantity),
            "intOrString" => new FieldShape(type, ShapeKind.IntegerOrString),
            "map<string>" or "map<quantity>" => new FieldShape(type, ShapeKind.Map) { Item = Parse(type[4..^1], objects) },
            _ => objects[type],
        };
    }
}
