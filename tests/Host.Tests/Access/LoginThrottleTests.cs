using System.Net;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Options;

namespace ContainerGroups.Host.Tests.Access;

public sealed class LoginThrottleTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("198.51.100.7");

    private FakeClock _clock = null!;
    private LoginThrottle _throttle = null!;

    [SetUp]
    public void SetUp()
    {
        _clock = new FakeClock();
        _throttle = Make(new LoginOptions { FreeFailures = 3, FreeFailuresPerAddress = 5 });
    }

    [Test]
    public void FirstFailures_CostNothing()
    {
        Fail("anna", Here, 2);

        Assert.That(_throttle.Delay("anna", Here), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void LaterFailures_CostTwiceAsMuchEach_UpToTheMost()
    {
        Fail("anna", Here, 2);
        var delays = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            Fail("anna", Here, 1);
            var delay = _throttle.Delay("anna", There);
            delays.Add(delay.TotalSeconds);
            _clock.Advance(delay);
            Assert.That(_throttle.Delay("anna", There), Is.EqualTo(TimeSpan.Zero), "then it may be tried again");
        }

        Assert.That(delays, Is.EqualTo(new double[] { 1, 2, 4, 8, 16, 32, 60, 60 }));
    }

    [Test]
    public void Failures_OlderThanTheWindow_AreForgotten()
    {
        Fail("anna", Here, 4);

        _clock.Advance(TimeSpan.FromMinutes(15));

        Fail("anna", Here, 1);
        Assert.That(_throttle.Delay("anna", Here), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void OtherNames_AreNotConcerned_UntilTheAddressIs()
    {
        Fail("anna", Here, 4);

        Assert.That(_throttle.Delay("bert", Here), Is.EqualTo(TimeSpan.Zero));
        Fail("bert", Here, 1);
        Assert.That(_throttle.Delay("carl", Here), Is.GreaterThan(TimeSpan.Zero), "many names from one address");
        Assert.That(_throttle.Delay("carl", There), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Success_ForgetsTheName_AndNotTheAddress()
    {
        Fail("anna", There, 4);
        Fail("mallory", There, 1);
        _throttle.Succeeded("mallory", There);

        Assert.That(_throttle.Delay("mallory", Here), Is.EqualTo(TimeSpan.Zero));
        Assert.That(_throttle.Delay("mallory", There), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void AddressThatTheUserHasUsed_IsNotKeptOutByOthersWhoGuess()
    {
        _throttle.Succeeded("anna", Here);

        Fail("anna", There, 10);

        Assert.That(_throttle.Delay("anna", There), Is.GreaterThan(TimeSpan.Zero));
        Assert.That(_throttle.Delay("anna", Here), Is.EqualTo(TimeSpan.Zero));
        Fail("anna", Here, 3);
        Assert.That(_throttle.Delay("anna", Here), Is.GreaterThan(TimeSpan.Zero), "it is counted by itself");
    }

    [Test]
    public void AddressesOfOneNetwork_AreOne()
    {
        for (var i = 1; i <= 5; i++)
        {
            Fail($"user{i}", IPAddress.Parse($"2001:db8:1:2::{i}"), 1);
        }

        Assert.That(_throttle.Delay("other", IPAddress.Parse("2001:db8:1:2:ffff::1")), Is.GreaterThan(TimeSpan.Zero));
        Assert.That(_throttle.Delay("other", IPAddress.Parse("2001:db8:1:3::1")), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void MappedAddress_IsTheAddress()
    {
        Fail("anna", Here.MapToIPv6(), 1);
        Fail("bert", Here, 4);

        Assert.That(_throttle.Delay("carl", Here), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public void AddressesNotCounted_WhenSetSo()
    {
        _throttle = Make(new LoginOptions { FreeFailures = 3, FreeFailuresPerAddress = 0 });
        for (var i = 0; i < 100; i++)
        {
            Fail($"user{i}", Here, 1);
        }

        Assert.That(_throttle.Delay("another", Here), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void ManyNames_DoNotGrowTheMemoryForEver()
    {
        var events = new RecentEvents(TimeSpan.FromDays(1));
        var now = _clock.GetUtcNow();
        events.Add("first", now);
        for (var i = 0; i < 60_000; i++)
        {
            events.Add($"n{i}", now);
        }

        Assert.That(events.Keys, Is.LessThanOrEqualTo(50_001));
        Assert.That(events.Count("first", now).Count, Is.Zero, "the oldest goes first");
        Assert.That(events.Count("n59999", now).Count, Is.EqualTo(1));
    }

    private LoginThrottle Make(LoginOptions options) => new(Options.Create(options), _clock);

    private void Fail(string username, IPAddress address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _throttle.Failed(username, address);
        }
    }
}
