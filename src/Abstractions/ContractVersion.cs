namespace ContainerGroups.Abstractions;

/// <summary>
/// The version of this contract. A plugin states in its <c>plugin.json</c> the version it was built against; a host loads it
/// when the major is the same and the minor is not newer than its own.
/// </summary>
public static class ContractVersion
{
    /// <summary>Grows when a plugin built before must be changed.</summary>
    public const int Major = 1;

    /// <summary>Grows when something was added.</summary>
    public const int Minor = 0;

    /// <summary>Both, as in <c>plugin.json</c>: <c>"1.0"</c>.</summary>
    public const string Current = "1.0";
}
