using System.Globalization;
using ContainerGroups.Kubernetes.Api;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Kubernetes.Tests.Api;

internal sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase("0", 0)]
    [TestCase("7", 7)]
    [TestCase(" 7 ", 7)]
    [TestCase("99999999999999999999999", 3600)]
    [TestCase("Thu, 01 Jan 2026 12:00:30 GMT", 30)]
    [TestCase("Thu, 01 Jan 2026 11:00:00 GMT", 0)]
    [TestCase("Fri, 01 Jan 2027 00:00:00 GMT", 3600)]
    public void TimeToWait_IsRead(string text, int seconds) => Assert.That(RetryAfter.Parse(text, Now), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("")]
    [TestCase("-1")]
    [TestCase("1.5")]
    [TestCase("soon")]
    [TestCase("٣")]
    public void AnythingElse_IsNone(string text) => Assert.That(RetryAfter.Parse(text, Now), Is.Null);

    [Test]
    public void EverySecondsAndEveryDate_GiveTheirTime_WithinBounds() => Prop.ForAll(
        Gen.Choose(-100_000, 100_000).ToArbitrary(),
        seconds =>
        {
            var expected = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 3600));
            var byDate = RetryAfter.Parse(Now.AddSeconds(seconds).ToString("r", CultureInfo.InvariantCulture), Now);
            var byNumber = RetryAfter.Parse(seconds.ToString(CultureInfo.InvariantCulture), Now);
            return byDate == expected && (seconds < 0 ? byNumber is null : byNumber == expected);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void WhateverItSays_TheTimeIsWithinBoundsOrNone() => Prop.ForAll<string>(text =>
        RetryAfter.Parse(text ?? "", Now) is not { } time || (time >= TimeSpan.Zero && time <= RetryAfter.Longest)).QuickCheckThrowOnFailure();
}
