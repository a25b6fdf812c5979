namespace ContainerGroups.Kubernetes.Simulation;

/// <summary>The kinds of request that are counted, and that faults are made for.</summary>
public enum RequestKind
{
    Create,
    Get,
    List,
    Watch,
    Delete,
    Patch,
    Exec,
    Events,
    Namespace,
    Review,
    Version,
    Other,
}
