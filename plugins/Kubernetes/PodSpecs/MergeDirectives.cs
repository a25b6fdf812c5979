namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>The fields of a patch that say how to merge, in place of what.</summary>
internal static class MergeDirectives
{
    public const string Patch = "$patch";
    public const string Replace = "replace";
    public const string Delete = "delete";
    public const string RetainKeys = "$retainKeys";
    public const string SetElementOrder = "$setElementOrder/";
    public const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList/";

    private const string Merge = "merge";

    public static bool IsOne(string key) =>
        key is Patch or RetainKeys || key.StartsWith(SetElementOrder, StringComparison.Ordinal)
        || key.StartsWith(DeleteFromPrimitiveList, StringComparison.Ordinal);

    /// <summary>What <c>$patch</c> says; null when it says nothing, or merge.</summary>
    public static string? PatchOf(PodMap map, string path)
    {
        if (!map.Has(Patch))
        {
            return null;
        }

        return map.Text(Patch) switch
        {
            Merge => null,
            Replace => Replace,
            Delete => Delete,
            _ => throw new PodSpecException(map.PlaceOf(Patch), FieldPath.Of(path, Patch), "$patch is replace, delete or merge."),
        };
    }

    /// <summary>The old mapping without what <c>$retainKeys</c> does not name.</summary>
    public static PodMap Retain(PodMap original, PodMap patch, string path)
    {
        if (!patch.Has(RetainKeys))
        {
            return original;
        }

        var names = ListOf(patch, RetainKeys, path).Items.OfType<PodScalar>().Select(name => name.Text).ToHashSet(StringComparer.Ordinal);
        var left = patch.Fields.Where(field => !IsOne(field.Key) && field.Value is not PodScalar { IsNull: true })
            .Select(field => field.Key).FirstOrDefault(key => !names.Contains(key));
        return left is null
            ? original.Without(key => !names.Contains(key))
            : throw new PodSpecException(patch.PlaceOf(RetainKeys), FieldPath.Of(path, RetainKeys), $"$retainKeys must name {left}, which stands beside it.");
    }

    public static IEnumerable<(string Key, IReadOnlyList<PodNode> Values)> Deletions(PodMap patch, string path) =>
        With(DeleteFromPrimitiveList, patch, path).Select(found => (found.Key, found.List.Items));

    public static IEnumerable<(string Key, PodList Order)> Orders(PodMap patch, string path) => With(SetElementOrder, patch, path);

    /// <summary>A value that meets nothing to merge with: without directives and nulls. Null when nothing is left of what was only a directive.</summary>
    public static PodNode? Clean(PodNode node)
    {
        switch (node)
        {
            case PodMap map:
                var fields = map.Fields.Where(field => !IsOne(field.Key))
                    .Select(field => (field.Key, Value: Clean(field.Value)))
                    .Where(field => field.Value is not (null or PodScalar { IsNull: true }))
                    .Select(field => KeyValuePair.Create(field.Key, field.Value!)).ToList();
                var onlyDirectives = fields.Count == 0 && map.Fields.Keys.Any(IsOne);
                return map.Text(Patch) == Delete || onlyDirectives ? null : new PodMap(map.Origin, map.Place, fields);
            case PodList list:
                return new PodList(list.Origin, list.Place, [.. list.Items.Select(Clean).OfType<PodNode>()]);
            default:
                return node;
        }
    }

    private static IEnumerable<(string Key, PodList List)> With(string prefix, PodMap patch, string path) =>
        patch.Fields.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(key => (key[prefix.Length..], ListOf(patch, key, path)));

    private static PodList ListOf(PodMap patch, string key, string path) => patch.List(key)
        ?? throw new PodSpecException(patch.PlaceOf(key), FieldPath.Of(path, key), $"Must be a list; it is {patch[key]!.Description}.");
}
