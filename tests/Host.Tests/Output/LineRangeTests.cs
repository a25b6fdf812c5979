using ContainerGroups.Host.Output;

namespace ContainerGroups.Host.Tests.Output;

public sealed class LineRangeTests
{
    /// <summary>What Python's slices give, of which AWX's ranges are made.</summary>
    [TestCase(0, null, 0, 10)]
    [TestCase(3, null, 3, 10)]
    [TestCase(3, 5, 3, 5)]
    [TestCase(-2, null, 8, 10)]
    [TestCase(-20, null, 0, 10)]
    [TestCase(0, -3, 0, 7)]
    [TestCase(12, 15, 10, 10)]
    [TestCase(5, 2, 5, 5)]
    public void Range_OfTenLines_IsThatOfASlice(long start, long? end, long first, long last) =>
        Assert.That(new LineRange(start, end).Within(10), Is.EqualTo((first, last)));
}
