namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>The order of a merged list: what the patch names keeps the patch's order, the rest keeps its old order, and the two are
/// woven together by the old order of both; what is new comes as early as that allows.</summary>
internal static class MergeOrder
{
    /// <param name="merged">What the list holds.</param>
    /// <param name="patchOrder">The items in the order of the patch.</param>
    /// <param name="oldOrder">The items as they were.</param>
    /// <param name="mergeKey">What tells items apart; null for scalars.</param>
    public static PodList Normalize(PodList merged, IReadOnlyList<PodNode> patchOrder, IReadOnlyList<PodNode> oldOrder, string? mergeKey)
    {
        int Index(IReadOnlyList<PodNode> order, PodNode item)
        {
            for (var i = 0; i < order.Count; i++)
            {
                if (IsSame(order[i], item, mergeKey))
                {
                    return i;
                }
            }

            return -1;
        }

        // OrderBy is stable.
        var named = new Queue<PodNode>(merged.Items.Where(item => Index(patchOrder, item) >= 0).OrderBy(item => Index(patchOrder, item)));
        var others = new Queue<PodNode>(merged.Items.Where(item => Index(patchOrder, item) < 0).OrderBy(item => Index(oldOrder, item)));
        var items = new List<PodNode>(merged.Items.Count);
        while (named.Count > 0 || others.Count > 0)
        {
            var takeOther = named.Count == 0
                || (others.Count > 0
                    && Index(oldOrder, others.Peek()) is >= 0 and var left
                    && Index(oldOrder, named.Peek()) is >= 0 and var right
                    && left < right);
            items.Add(takeOther ? others.Dequeue() : named.Dequeue());
        }

        return new PodList(merged.Origin, merged.Place, items);
    }

    /// <summary>Obeys <c>$setElementOrder</c>.</summary>
    /// <exception cref="PodSpecException">It does not name what the patch's own list holds, in the same order.</exception>
    public static PodList Apply(PodList merged, PodList order, PodList? old, PodList? patch, FieldShape shape, string path)
    {
        if (!shape.MergesItems)
        {
            throw new PodSpecException(order.Place, path, "This list is replaced as a whole, so that it needs no $setElementOrder.");
        }

        var last = -1;
        foreach (var item in patch?.Items ?? [])
        {
            if (item is PodMap map && (map.Has(MergeDirectives.Patch) || shape.MergeKey is null || !map.Has(shape.MergeKey)))
            {
                continue;
            }

            var index = order.Items.ToList().FindIndex(named => IsSame(named, item, shape.MergeKey));
            last = index > last
                ? index
                : throw new PodSpecException(item.Place, path, "$setElementOrder must name every item of this list, in the same order.");
        }

        return Normalize(merged, order.Items, old?.Items ?? [], shape.MergeKey);
    }

    private static bool IsSame(PodNode one, PodNode other, string? mergeKey) => mergeKey is null
        ? StrategicMerge.Same(one, other)
        : one is PodMap map && map[mergeKey] is PodScalar key && StrategicMerge.IsKeyed(other, mergeKey, key);
}
