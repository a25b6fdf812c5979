using System.Text.Json.Nodes;

namespace ContainerGroups.Host.Inventories;

/// <summary>The variables of <c>all</c>.</summary>
internal static class InventoryVariables
{
    /// <summary>The source's, overridden by the inventory's own.</summary>
    public static JsonObject Of(InventoryTree tree)
    {
        var variables = VariablesText.Parse(tree.SourceVariables);
        foreach (var (name, value) in VariablesText.Parse(tree.Variables))
        {
            variables[name] = value?.DeepClone();
        }

        return variables;
    }
}
