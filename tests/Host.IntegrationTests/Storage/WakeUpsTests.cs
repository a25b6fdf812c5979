using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Storage;

public sealed class WakeUpsTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly FakeClock _clock = new();

    [Test]
    public async Task Pulse_BetweenTheLookAndTheWait_IsKept()
    {
        var wakeUps = new WakeUps(_clock);
        using var subscription = wakeUps.Subscribe("a");

        wakeUps.Pulse("a");
        var wait = subscription.WaitAsync(Period, CancellationToken.None);

        Assert.That(wait.IsCompletedSuccessfully, Is.True);
        Assert.That((await wait).Everything, Is.True);
    }

    [Test]
    public async Task Pulse_WithPayloads_GivesEachOnce()
    {
        var wakeUps = new WakeUps(_clock);
        using var subscription = wakeUps.Subscribe("a");

        wakeUps.Pulse("a", "1");
        wakeUps.Pulse("a", "2");
        wakeUps.Pulse("a", "1");
        var woken = await subscription.WaitAsync(Period, CancellationToken.None);

        Assert.That(woken.Everything, Is.False);
        Assert.That(woken.Payloads, Is.EquivalentTo(["1", "2"]));
    }

    [Test]
    public async Task Pulse_WithMorePayloadsThanAreKept_MeansEverything()
    {
        var wakeUps = new WakeUps(_clock);
        using var subscription = wakeUps.Subscribe("a");

        for (var i = 0; i < 5000; i++)
        {
            wakeUps.Pulse("a", $"{i}");
        }

        var woken = await subscription.WaitAsync(Period, CancellationToken.None);
        Assert.That(woken.Everything, Is.True);
        Assert.That(woken.Payloads, Has.Count.LessThanOrEqualTo(1000));
    }

    [Test]
    public async Task Pulses_BeforeAWait_WakeItOnce()
    {
        var wakeUps = new WakeUps(_clock);
        using var subscription = wakeUps.Subscribe("a");

        wakeUps.Pulse("a");
        wakeUps.Pulse("a");
        await subscription.WaitAsync(Period, CancellationToken.None);

        Assert.That(subscription.WaitAsync(Period, CancellationToken.None).IsCompleted, Is.False);
    }

    [Test]
    public void Pulse_OfAnotherName_WakesNobody()
    {
        var wakeUps = new WakeUps(_clock);
        using var subscription = wakeUps.Subscribe("a");

        var wait = subscription.WaitAsync(Period, CancellationToken.None);
        wakeUps.Pulse("b");

        Assert.That(wait.IsCompleted, Is.False);
    }

    [Test]
    public async Task Wait_WithoutACall_EndsAfterThePeriodAndMeansEverything()
    {
        using var subscription = new WakeUps(_clock).Subscribe("a");

        var wait = subscription.WaitAsync(Period, CancellationToken.None);
        _clock.Advance(Period - TimeSpan.FromTicks(1));
        var early = wait.IsCompleted;
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.That(early, Is.False);
        Assert.That((await wait).Everything, Is.True);
    }

    [Test]
    public void Wait_Canceled_Throws()
    {
        using var subscription = new WakeUps(_clock).Subscribe("a");
        using var cancellation = new CancellationTokenSource();

        var wait = subscription.WaitAsync(Period, cancellation.Token);
        cancellation.Cancel();

        Assert.That(async () => await wait, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Waiter_BesideManyCallers_SeesEveryChange()
    {
        const int callers = 8;
        const int calls = 2000;
        var wakeUps = new WakeUps(_clock);
        var counter = 0;
        using var subscription = wakeUps.Subscribe("a");
        var waiter = Task.Run(async () =>
        {
            while (Volatile.Read(ref counter) < callers * calls)
            {
                await subscription.WaitAsync(Period, CancellationToken.None);
            }
        });

        // The clock stands still: a call that got lost would leave the waiter waiting for ever.
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < calls; i++)
            {
                Interlocked.Increment(ref counter);
                wakeUps.Pulse("a");
            }
        })));

        await Eventually.EndAsync(waiter, "the waiter has seen the last change");
    }
}
