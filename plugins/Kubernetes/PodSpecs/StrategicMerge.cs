namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>
/// Kubernetes' strategic merge patch for a Pod, after the rules that the API server itself follows: mappings merge field by field,
/// null removes a field, a list with a merge key merges item by item and puts what is new before what was there, any other list
/// is replaced; the directives <c>$patch</c>, <c>$retainKeys</c>, <c>$setElementOrder/…</c> and <c>$deleteFromPrimitiveList/…</c> are obeyed.
/// One addition: <c>$patch: merge</c>, which the server refuses, says what happens anyway.
/// </summary>
internal static class StrategicMerge
{
    /// <exception cref="PodSpecException">The patch contradicts itself.</exception>
    public static PodMap Merge(PodMap original, PodMap patch) => MergeMaps(original, patch, PodShape.Pod, FieldPath.Root);

    private static PodMap MergeMaps(PodMap original, PodMap patch, FieldShape shape, string path)
    {
        switch (MergeDirectives.PatchOf(patch, path))
        {
            case MergeDirectives.Replace:
                return MergeDirectives.Clean(patch.Without(key => key == MergeDirectives.Patch)) as PodMap ?? new PodMap(patch.Origin, patch.Place, []);
            case MergeDirectives.Delete:
                return new PodMap(patch.Origin, patch.Place, []);
        }

        var result = new OrderedDictionary<string, PodNode>(
            MergeDirectives.Retain(original, patch, path).Fields, StringComparer.Ordinal);
        foreach (var (key, values) in MergeDirectives.Deletions(patch, path))
        {
            if (result.TryGetValue(key, out var old) && old is PodList list)
            {
                result[key] = new PodList(list.Origin, list.Place, [.. list.Items.Where(item => !values.Any(value => Same(item, value)))]);
            }
        }

        foreach (var (key, value) in patch.Fields.Where(field => !MergeDirectives.IsOne(field.Key)))
        {
            MergeField(result, key, value, shape.Below(key), FieldPath.Of(path, key));
        }

        foreach (var (key, order) in MergeDirectives.Orders(patch, path))
        {
            if (result.TryGetValue(key, out var now) && now is PodList list)
            {
                result[key] = MergeOrder.Apply(list, order, original.List(key), patch.List(key), shape.Below(key), FieldPath.Of(path, key));
            }
        }

        return new PodMap(original.Origin, original.Place, result);
    }

    private static void MergeField(OrderedDictionary<string, PodNode> result, string key, PodNode value, FieldShape shape, string path)
    {
        if (value is PodScalar { IsNull: true })
        {
            result.Remove(key);
            return;
        }

        var merged = (result.GetValueOrDefault(key), value) switch
        {
            (PodMap old, PodMap map) => MergeMaps(old, map, shape, path),
            (PodList old, PodList list) when shape.MergesItems => MergeLists(old, list, shape, path),
            _ => MergeDirectives.Clean(value),
        };
        if (merged is null)
        {
            result.Remove(key);
        }
        else
        {
            result[key] = merged;
        }
    }

    private static PodList MergeLists(PodList original, PodList patch, FieldShape shape, string path)
    {
        if (shape.MergeKey is not { } mergeKey)
        {
            var both = original.Items.Concat(patch.Items).OfType<PodScalar>().ToList();
            var distinct = both.Where((item, index) => both.FindIndex(other => other.Equals(item)) == index).ToList<PodNode>();
            return MergeOrder.Normalize(new PodList(original.Origin, original.Place, distinct), patch.Items, original.Items, null);
        }

        var kept = original.Items.ToList();
        var changes = new List<PodMap>();
        var replace = false;
        for (var i = 0; i < patch.Items.Count; i++)
        {
            var item = ItemAt(patch, i, path);
            switch (MergeDirectives.PatchOf(item, FieldPath.Of(path, i)))
            {
                case MergeDirectives.Delete:
                    var gone = KeyOf(item, mergeKey, FieldPath.Of(path, i));
                    kept.RemoveAll(old => IsKeyed(old, mergeKey, gone));
                    break;
                case MergeDirectives.Replace:
                    replace = true;
                    break;
                default:
                    KeyOf(item, mergeKey, FieldPath.Of(path, i));
                    changes.Add(item.Without(key => key == MergeDirectives.Patch));
                    break;
            }
        }

        return replace
            ? new PodList(patch.Origin, patch.Place, [.. changes.Select(item => MergeDirectives.Clean(item)!)])
            : MergeItems(new PodList(original.Origin, original.Place, kept), changes, shape, mergeKey, path);
    }

    private static PodList MergeItems(PodList kept, List<PodMap> changes, FieldShape shape, string mergeKey, string path)
    {
        var merged = kept.Items.ToList();
        foreach (var change in changes)
        {
            var key = (PodScalar)change[mergeKey]!;
            var index = merged.FindIndex(old => IsKeyed(old, mergeKey, key));
            if (index >= 0)
            {
                merged[index] = MergeMaps((PodMap)merged[index], change, shape.Item, FieldPath.Of(path, index));
            }
            else if (MergeDirectives.Clean(change) is { } added)
            {
                merged.Add(added);
            }
        }

        return MergeOrder.Normalize(new PodList(kept.Origin, kept.Place, merged), changes, kept.Items, mergeKey);
    }

    private static PodMap ItemAt(PodList list, int index, string path) => list.Items[index] as PodMap
        ?? throw new PodSpecException(
            list.Items[index].Place, FieldPath.Of(path, index), $"Must be a mapping; it is {list.Items[index].Description}.");

    private static PodScalar KeyOf(PodMap item, string mergeKey, string path) => item[mergeKey] as PodScalar is { IsNull: false } key
        ? key
        : throw new PodSpecException(item.Place, path, $"Needs a {mergeKey}: that is how an item of this list is told from another.");

    public static bool IsKeyed(PodNode item, string mergeKey, PodScalar key) => item is PodMap map && map[mergeKey] is PodScalar own && own.Equals(key);

    public static bool Same(PodNode left, PodNode right) => left is PodScalar one && right is PodScalar other && one.Equals(other);
}
