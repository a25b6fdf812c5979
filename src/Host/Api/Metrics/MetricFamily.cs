namespace ContainerGroups.Host.Api.Metrics;

/// <summary>Figures of one name that differ by their labels; all of them are gauges.</summary>
internal sealed record MetricFamily(string Name, string Help, IReadOnlyList<MetricSample> Samples)
{
    /// <summary>One figure without labels.</summary>
    public static MetricFamily Of(string name, string help, double value) => new(name, help, [new MetricSample([], value)]);
}

/// <summary>One figure.</summary>
internal sealed record MetricSample(IReadOnlyList<(string Name, string Value)> Labels, double Value);
