namespace ContainerGroups.Host.Inventories;

/// <summary>A file of a job's payload that Ansible reads its inventory from.</summary>
/// <param name="Path">Relative to the payload's inventory directory.</param>
/// <param name="Content">The bytes of the file.</param>
internal sealed record InventoryFile(string Path, ReadOnlyMemory<byte> Content);
