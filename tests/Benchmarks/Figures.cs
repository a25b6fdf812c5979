namespace ContainerGroups.Benchmarks;

/// <summary>Measured values, and what is said about them.</summary>
internal sealed class Figures(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public double Median => At(0.5);

    /// <summary>The value below which the given part of all values lies.</summary>
    public double At(double part) => _sorted[Math.Min(_sorted.Length - 1, (int)(part * _sorted.Length))];

    public override string ToString() => $"p50 {Median:F1}, p99 {At(0.99):F1}, min {_sorted[0]:F1}, max {_sorted[^1]:F1} ({_sorted.Length} values)";
}
