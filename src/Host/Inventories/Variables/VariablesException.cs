namespace ContainerGroups.Host.Inventories;

/// <summary>A text that is meant to be a mapping of variables, or an inventory, is not: what is wrong, and where.</summary>
internal sealed class VariablesException(string message, int line = 0) : Exception(line > 0 ? $"line {line}: {message}" : message);
