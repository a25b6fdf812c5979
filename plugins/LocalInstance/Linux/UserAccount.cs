using System.Buffers;
using System.Runtime.InteropServices;

namespace ContainerGroups.LocalInstance.Linux;

/// <summary>A user of this machine, as the C library knows it (files, LDAP, …).</summary>
internal sealed record UserAccount
{
    private const int BufferSize = 64 * 1024;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public required string Name { get; init; }

    public required uint UserId { get; init; }

    public required uint GroupId { get; init; }

    public required string Home { get; init; }

    public required string Shell { get; init; }

    public static bool IsLegalName(string name) =>
        name.Length is > 0 and <= 256 && name[0] != '-' && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    public static unsafe UserAccount? Find(string name)
    {
        var buffer = new byte[BufferSize];
        fixed (byte* start = buffer)
        {
            Libc.UserEntry entry;
            if (Libc.GetUserByName(name, &entry, start, buffer.Length, out var result) != 0 || result == 0)
            {
                return null;
            }

            return new UserAccount
            {
                Name = name,
                UserId = entry.UserId,
                GroupId = entry.GroupId,
                Home = Marshal.PtrToStringUTF8(entry.Home) ?? "/",
                Shell = Marshal.PtrToStringUTF8(entry.Shell) is { Length: > 0 } shell ? shell : "/bin/sh",
            };
        }
    }
}
