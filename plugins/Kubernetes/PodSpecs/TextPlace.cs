namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>A place in a user's text, counted from 1; the default is no place: the code's own.</summary>
internal readonly record struct TextPlace(long Line, long Column)
{
    public bool IsKnown => Line > 0;

    public override string ToString() => $"line {Line}, column {Column}";
}
