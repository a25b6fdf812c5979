using FsCheck;
using FsCheck.Fluent;

namespace ContainerGroups.Kubernetes.Tests.Exec;

/// <summary>What framings are tried with.</summary>
internal static class Arbitrary
{
    /// <summary>Lengths around the borders of every way in which a length is written, and of buffers.</summary>
    public static Gen<int> Length { get; } = Gen.Frequency(
        (2, Gen.Choose(0, 3)), (3, Gen.Choose(4, 400)), (1, Gen.Choose(120, 130)), (1, Gen.Choose(32700, 32800)), (1, Gen.Choose(65530, 65540)), (1, Gen.Choose(65541, 150000)));

    public static Gen<byte[]> Bytes { get; } = from length in Length from seed in Gen.Choose(0, int.MaxValue - 1) select Fill(length, seed);

    /// <summary>Sizes of the pieces in which bytes arrive: single bytes, odd ones, whole buffers.</summary>
    public static Gen<int[]> Sizes { get; } =
        from upTo in Gen.Elements(1, 3, 20, 5000, 200000)
        from count in Gen.Choose(1, 8)
        from sizes in Gen.Choose(1, upTo).ArrayOf(count)
        select upTo == 1 ? [.. sizes, 4000] : sizes;

    private static byte[] Fill(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
