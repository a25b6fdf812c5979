using ContainerGroups.Host.InstanceGroups.Capacity;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.InstanceGroups;

public sealed class CapacityTests
{
    private const long GiB = 1L << 30;

    /// <summary>AWX's own table: a control node on Kubernetes reserves nothing.</summary>
    [TestCase("2G", 19)]
    [TestCase("4G", 38)]
    [TestCase("2Gi", 20)]
    [TestCase("2048Mi", 20)]
    [TestCase("4Gi", 40)]
    [TestCase("4096Mi", 40)]
    [TestCase("64G", 610)]
    [TestCase("2M", 1)]
    [TestCase("3M", 1)]
    [TestCase("2Mi", 1)]
    [TestCase("2.1G", 1)]
    [TestCase("garbage", 1)]
    [TestCase("", 1)]
    [TestCase("-5G", 1)]
    [TestCase("99999999999E", 1)]
    public void Memory_GivesAwxsForks(string quantity, int forks) =>
        Assert.That(ForkCapacity.OfMemory(Quantities.Memory(quantity), 0, 100), Is.EqualTo(forks));

    [TestCase("2", 8)]
    [TestCase("1.5", 6)]
    [TestCase("100m", 1)]
    [TestCase("2000m", 8)]
    [TestCase("2505m", 10)]
    [TestCase("1.55", 6)]
    [TestCase("garbage", 4)]
    [TestCase("", 4)]
    [TestCase("-1", 4)]
    public void Cpu_GivesAwxsForks(string quantity, int forks) =>
        Assert.That(ForkCapacity.OfCpu(Quantities.Cpu(quantity), 4), Is.EqualTo(forks));

    [TestCase(2 * GiB, 1)]
    [TestCase(4 * GiB, 20)]
    [TestCase(1 * GiB, 1)]
    public void ReservedMemory_IsNotForJobs(long bytes, int forks) =>
        Assert.That(ForkCapacity.OfMemory(bytes, 2 * GiB, 100), Is.EqualTo(forks));

    [TestCase(8, 20, 0, 8)]
    [TestCase(8, 20, 1, 20)]
    [TestCase(20, 8, 1, 20)]
    [TestCase(8, 20, 0.5, 14)]
    [TestCase(8, 9, 0.5, 8)]
    [TestCase(10, 10, 0.3, 10)]
    public void Adjustment_LiesBetweenTheTwo(int cpu, int memory, double adjustment, int capacity) =>
        Assert.That(ForkCapacity.Between(cpu, memory, (decimal)adjustment), Is.EqualTo(capacity));

    [TestCase("200000 100000", 2)]
    [TestCase("50000 100000", 0.5)]
    [TestCase("max 100000", null)]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void CpuLimit_IsQuotaByPeriod(string? text, double? processors) =>
        Assert.That(MachineResources.CpuLimit(text), Is.EqualTo((decimal?)processors));

    [Test]
    public void ControlGroup_LimitsTheMachine_AtEveryLevel()
    {
        using var root = new TemporaryDirectory();
        Write("proc/meminfo", "MemTotal:       16384000 kB\nMemFree: 1 kB\n");
        Write("proc/self/cgroup", "0::/system.slice/server.service\n");
        Write("sys/fs/cgroup/system.slice/memory.max", "4294967296\n");
        Write("sys/fs/cgroup/system.slice/server.service/memory.max", "max\n");
        Write("sys/fs/cgroup/system.slice/server.service/cpu.max", "70000 100000\n");

        var found = MachineResources.Read(root.Path);

        Assert.That(found, Is.EqualTo(new MachineResources(0.7m, 4 * GiB)));

        void Write(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root.File(path))!);
            File.WriteAllText(root.File(path), text);
        }
    }

    [Test]
    public void UnlimitedMachine_IsTakenWhole()
    {
        using var root = new TemporaryDirectory();
        Directory.CreateDirectory(root.File("proc"));
        File.WriteAllText(root.File("proc/meminfo"), "MemTotal:       1024 kB\n");

        Assert.That(MachineResources.Read(root.Path), Is.EqualTo(new MachineResources(Environment.ProcessorCount, 1L << 20)));
    }

    [Test]
    public void UnreadableMachine_IsToldAsSuch()
    {
        using var root = new TemporaryDirectory();

        Assert.That(() => MachineResources.Read(root.Path), Throws.InstanceOf<IOException>());
    }
}
