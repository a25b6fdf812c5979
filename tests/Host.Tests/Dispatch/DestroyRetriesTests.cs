using ContainerGroups.Host.Dispatch;

namespace ContainerGroups.Host.Tests.Dispatch;

public sealed class DestroyRetriesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    private DestroyRetries _retries = null!;

    [SetUp]
    public void SetUp() => _retries = new DestroyRetries(new DispatchOptions());

    [Test]
    public void Delay_GrowsWithEachFailureUpToItsLimit()
    {
        var delays = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            _retries.Failed(1, Start);
            delays.Add(_retries.Wait(Start, Period, _ => false).TotalSeconds);
        }

        Assert.That(delays, Is.EqualTo(new double[] { 5, 10, 20, 40, 80, 160, 300, 300 }));
    }

    [Test]
    public void Failed_IsDueAfterItsDelay_OthersAtOnce()
    {
        _retries.Failed(2, Start);

        Assert.That(_retries.IsDue(2, Start.AddSeconds(4.9)), Is.False);
        Assert.That(_retries.IsDue(2, Start.AddSeconds(5)), Is.True);
        Assert.That(_retries.IsDue(3, Start), Is.True);
    }

    [Test]
    public void Removed_IsForgotten()
    {
        _retries.Failed(4, Start);
        _retries.Failed(5, Start);

        _retries.KeepOnly([5]);

        Assert.That(_retries.IsDue(4, Start), Is.True);
        Assert.That(_retries.IsDue(5, Start), Is.False);
        _retries.KeepOnly([]);
        Assert.That(_retries.Wait(Start, Period, _ => false), Is.EqualTo(Period));
    }

    [Test]
    public void Overdue_IsNotWaitedFor()
    {
        _retries.Failed(6, Start);

        Assert.That(_retries.Wait(Start.AddMinutes(1), Period, _ => false), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void OneThatIsBeingTried_IsNotWaitedFor()
    {
        _retries.Failed(1, Start);

        Assert.That(_retries.Wait(Start.AddHours(1), Period, id => id == 1), Is.EqualTo(Period));
    }
}
