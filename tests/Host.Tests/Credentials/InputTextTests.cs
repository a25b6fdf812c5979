using System.Security.Cryptography;
using ContainerGroups.Host.Credentials.Inputs;

namespace ContainerGroups.Host.Tests.Credentials;

public sealed class InputTextTests
{
    [Test]
    public void KeysInPem_AreToldApart()
    {
        using var rsa = RSA.Create(2048);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

        Assert.That(PrivateKeyText.IsEncrypted(rsa.ExportRSAPrivateKeyPem()), Is.False);
        Assert.That(PrivateKeyText.IsEncrypted(rsa.ExportPkcs8PrivateKeyPem()), Is.False);
        Assert.That(PrivateKeyText.IsEncrypted("\n" + rsa.ExportPkcs8PrivateKeyPem().ReplaceLineEndings("\r\n") + "\n"), Is.False);
        Assert.That(PrivateKeyText.IsEncrypted(rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", encryption)), Is.True);
        Assert.That(PrivateKeyText.IsEncrypted(rsa.ExportRSAPublicKeyPem()), Is.Null);
    }

    [TestCase("none", false)]
    [TestCase("aes256-ctr", true)]
    public void KeysOfOpenSsh_SayTheirCipher(string cipher, bool encrypted)
    {
        byte[] key = [.. "openssh-key-v1\0"u8, 0, 0, 0, (byte)cipher.Length, .. System.Text.Encoding.ASCII.GetBytes(cipher), 0, 0];
        var pem = $"-----BEGIN OPENSSH PRIVATE KEY-----\n{Convert.ToBase64String(key)}\n-----END OPENSSH PRIVATE KEY-----\n";

        Assert.That(PrivateKeyText.IsEncrypted(pem), Is.EqualTo(encrypted));
    }

    [TestCase("")]
    [TestCase("secret")]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\n!!!\n-----END RSA PRIVATE KEY-----")]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----")]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\nAAAA")]
    [TestCase("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----")]
    [TestCase("-----BEGIN PRIVATE KEY-----")]
    public void WhatIsNoKey_IsNone(string text) => Assert.That(PrivateKeyText.IsEncrypted(text), Is.Null);

    [TestCase("https://example.org", null)]
    [TestCase("https://[::1]:8443/path", null)]
    [TestCase("example.org", "Invalid URL: Missing url scheme (http, https, etc.)")]
    [TestCase("example.org:8443", "Invalid URL: Missing url scheme (http, https, etc.)")]
    [TestCase("http:/x", "Invalid URL: http:/x")]
    [TestCase("http://", "Invalid URL: http://")]
    [TestCase("https://[::1", "Invalid IPv6 URL")]
    public void Urls_AreJudgedInTheWordsOfAwx(string text, string? fault) => Assert.That(UrlText.FaultOf(text), Is.EqualTo(fault));
}
