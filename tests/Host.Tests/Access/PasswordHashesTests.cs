using ContainerGroups.Host.Access.Passwords;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Tests.Access;

public sealed class PasswordHashesTests
{
    private PasswordHashes _hashes = null!;

    [SetUp]
    public void SetUp() => _hashes = new PasswordHashes();

    [TearDown]
    public void TearDown() => _hashes.Dispose();

    [Test]
    public void RightPassword_IsRight_AsOftenAsAsked()
    {
        var user = new User { Id = 1, PasswordHash = _hashes.Hash("right") };

        Assert.That(_hashes.Verify(user, "right"), Is.True);
        Assert.That(_hashes.Verify(user, "right"), Is.True);
        Assert.That(_hashes.Verify(user, "wrong"), Is.False);
        Assert.That(_hashes.Verify(user, ""), Is.False);
    }

    [Test]
    public void ChangedHash_ForgetsWhatWasRight()
    {
        var user = new User { Id = 1, PasswordHash = _hashes.Hash("old") };
        Assert.That(_hashes.Verify(user, "old"), Is.True);

        user.PasswordHash = _hashes.Hash("new");

        Assert.That(_hashes.Verify(user, "old"), Is.False);
        Assert.That(_hashes.Verify(user, "new"), Is.True);
    }

    [Test]
    public void UnknownUser_AndUserWithoutPassword_AreNeverRight()
    {
        Assert.That(_hashes.Verify(null, ""), Is.False);
        Assert.That(_hashes.Verify(new User(), ""), Is.False);
    }

    [Test]
    public void SamePassword_HasAnotherHashEachTime_AndIsNotInIt()
    {
        var first = _hashes.Hash("same");
        var second = _hashes.Hash("same");

        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(first, Does.Not.Contain("same"));
    }
}
