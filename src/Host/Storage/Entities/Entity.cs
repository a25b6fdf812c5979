namespace ContainerGroups.Host.Storage;

/// <summary>What every row that the API names has.</summary>
public abstract class Entity
{
    public long Id { get; set; }

    /// <summary>When the row was made, UTC; set when it is saved.</summary>
    public DateTime Created { get; set; }

    /// <summary>When a user last changed the row, UTC; set when it is saved.</summary>
    public DateTime Modified { get; set; }

    /// <summary>The user who made it; null when the server did, or the user is gone.</summary>
    public long? CreatedById { get; set; }

    /// <summary>The user who last changed it; null when the server did, or the user is gone.</summary>
    public long? ModifiedById { get; set; }
}

/// <summary>An entity with the two texts that most of AWX's resources have.</summary>
public abstract class NamedEntity : Entity
{
    public string Name { get; set; } = "";

    public string Description { get; set; } = "";
}
