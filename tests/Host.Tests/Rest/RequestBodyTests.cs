using ContainerGroups.Host.Rest;
using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Host.Tests.Rest;

public sealed class RequestBodyTests
{
    [Test]
    public void AnyBytes_AreABodyOrABadRequest() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), bytes => IsAnswered(bytes ?? [])));

    [Test]
    public void AnyDamage_IsABodyOrABadRequest()
    {
        var json = """{"name":"ä💥","list":[1,2.5e3,null,true],"object":{"a":{"b":"\u00e9"}}}"""u8.ToArray();

        var damages = from length in Gen.Choose(1, json.Length)
                      from place in Gen.Choose(0, length - 1)
                      from value in Gen.Choose(0, 255)
                      select (length, place, value);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(damages.ToArbitrary(), damage =>
        {
            var damaged = json[..damage.length];
            damaged[damage.place] = (byte)damage.value;
            return IsAnswered(damaged);
        }));
    }

    [Test]
    public void DeepNesting_IsABadRequest() =>
        Assert.That(
            () => RequestBody.Parse(System.Text.Encoding.ASCII.GetBytes("{\"a\":" + new string('[', 100) + new string(']', 100) + "}")),
            Throws.TypeOf<ApiException>());

    private static bool IsAnswered(byte[] bytes)
    {
        try
        {
            _ = RequestBody.Parse(bytes);
            return true;
        }
        catch (ApiException e)
        {
            return e.Status == 400;
        }
    }
}
