using ContainerGroups.Host.Access;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Access;

public sealed class LocalTokenTests
{
    [Test]
    public void Token_IsMadeAnewAtEachStart_ForItsOwnerAlone()
    {
        using var directory = new TemporaryDirectory();
        var token = new LocalToken();
        Assert.That(token.IsRight(""), Is.False);

        token.Write(directory.Path);
        var first = File.ReadAllText(directory.File(LocalToken.FileName));
        token.Write(directory.Path);
        var second = File.ReadAllText(directory.File(LocalToken.FileName));

        Assert.That(token.IsRight(second), Is.True);
        Assert.That(token.IsRight(first), Is.False);
        Assert.That(Directory.GetFiles(directory.Path), Has.Length.EqualTo(1));
        Assert.That(File.GetUnixFileMode(directory.File(LocalToken.FileName)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }
}
