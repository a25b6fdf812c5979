namespace ContainerGroups.Abstractions.Tests;

internal sealed class InputValuesTests
{
    private static readonly InputValues Values = new(new Dictionary<string, object?>
    {
        ["token"] = "s3cret",
        ["port"] = 8443L,
        ["verify"] = true,
        ["empty"] = null,
    });

    [Test]
    public void Values_AreReadByTheirType()
    {
        Assert.That((Values.GetString("token"), Values.GetInteger("port"), Values.GetBoolean("verify")), Is.EqualTo(("s3cret", 8443L, true)));
        Assert.That(Values.Ids, Is.EquivalentTo(new[] { "token", "port", "verify" }));
    }

    [TestCase("empty")]
    [TestCase("unknown")]
    public void AbsentValue_IsNullForEveryType(string id)
    {
        Assert.That((Values.GetString(id), Values.GetInteger(id), Values.GetBoolean(id)), Is.EqualTo(((string?)null, (long?)null, (bool?)null)));
        Assert.That(Values.TryGet(id, out _), Is.False);
    }

    [Test]
    public void ValueOfAnotherType_IsAFaultThatDoesNotTellIt()
    {
        var e = Assert.Throws<InvalidOperationException>(() => Values.GetInteger("token"));
        Assert.That(e.Message, Does.Contain("token").And.Not.Contain("s3cret"));
        Assert.That(() => new InputValues([KeyValuePair.Create("port", (object?)8443)]), Throws.ArgumentException.With.Message.Contains("port"));
    }

    [Test]
    public void Text_ShowsIdsAndNeverAValue()
    {
        var target = new BackendTarget { InstanceGroupId = 1, InstanceGroupName = "default", Credential = Values };
        Assert.That(Values.ToString(), Is.EqualTo("InputValues(token, port, verify)"));
        Assert.That(target.ToString(), Does.Not.Contain("s3cret").And.Contain("token"));
    }
}
