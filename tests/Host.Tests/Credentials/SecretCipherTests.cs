using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Tests.Credentials;

public sealed class SecretCipherTests
{
    private const string Value = "pässword \n with 'quotes'";

    [TestCase("")]
    [TestCase("x")]
    [TestCase(Value)]
    public void AValue_ComesBackAsItWas(string value)
    {
        var key = SecretKey.New();

        Assert.That(SecretCipher.Decrypt(key, SecretCipher.Encrypt(key, 7, "password", value)), Is.EqualTo(value));
    }

    [Test]
    public void TheSameValueTwice_LooksDifferent()
    {
        var key = SecretKey.New();

        var (first, second) = (SecretCipher.Encrypt(key, 7, "password", Value), SecretCipher.Encrypt(key, 7, "password", Value));

        Assert.That(first.Data, Is.Not.EqualTo(second.Data));
    }

    [Test]
    public void EachChangedOrMissingByte_IsNoticed()
    {
        var key = SecretKey.New();
        var secret = SecretCipher.Encrypt(key, 7, "password", Value);
        for (var i = 0; i < secret.Data.Length; i++)
        {
            var changed = (byte[])secret.Data.Clone();
            changed[i] ^= 1;

            Assert.That(SecretCipher.Decrypt(key, With(secret, changed)), Is.Null, $"byte {i} changed");
            Assert.That(SecretCipher.Decrypt(key, With(secret, secret.Data[..i])), Is.Null, $"cut at {i}");
        }
    }

    [TestCase(8, "password")]
    [TestCase(7, "become_password")]
    public void AValueMovedElsewhere_IsNotRead(long credential, string field)
    {
        var key = SecretKey.New();
        var secret = SecretCipher.Encrypt(key, 7, "password", Value);

        Assert.That(
            SecretCipher.Decrypt(key, new CredentialSecret { CredentialId = credential, Field = field, KeyId = secret.KeyId, Data = secret.Data }),
            Is.Null);
    }

    [Test]
    public void AnotherKey_ReadsNothing() =>
        Assert.That(SecretCipher.Decrypt(SecretKey.New(), SecretCipher.Encrypt(SecretKey.New(), 7, "password", Value)), Is.Null);

    [Test]
    public void AKeyFile_IsReadAsItWasWritten()
    {
        var ring = new SecretKeyRing([SecretKey.New(), SecretKey.New()]);

        Assert.That(SecretKeyRing.Parse(ring.ToText())!.Keys.Select(key => key.Id), Is.EqualTo(ring.Keys.Select(key => key.Id)));
    }

    [TestCase("")]
    [TestCase("# only a comment\n")]
    [TestCase("c2hvcnQ=")]
    [TestCase("not base64 at all")]
    public void WhatIsNoKey_IsNone(string text) => Assert.That(SecretKeyRing.Parse(text), Is.Null);

    private static CredentialSecret With(CredentialSecret secret, byte[] data) =>
        new() { CredentialId = secret.CredentialId, Field = secret.Field, KeyId = secret.KeyId, Data = data };
}
