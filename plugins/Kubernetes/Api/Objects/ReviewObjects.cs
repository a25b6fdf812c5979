namespace ContainerGroups.Kubernetes.Api.Objects;

internal sealed record AccessReviewObject
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public AccessReviewSpec? Spec { get; init; }

    public AccessReviewStatus? Status { get; init; }

    public static AccessReviewObject Ask(string @namespace, string verb, string resource, string subresource) => new()
    {
        ApiVersion = "authorization.k8s.io/v1",
        Kind = "SelfSubjectAccessReview",
        Spec = new AccessReviewSpec
        {
            ResourceAttributes = new ResourceAttributes { Namespace = @namespace, Verb = verb, Resource = resource, Subresource = subresource },
        },
    };
}

internal sealed record AccessReviewSpec
{
    public ResourceAttributes? ResourceAttributes { get; init; }
}

internal sealed record ResourceAttributes
{
    public string? Namespace { get; init; }

    public string? Verb { get; init; }

    public string? Resource { get; init; }

    public string? Subresource { get; init; }
}

internal sealed record AccessReviewStatus
{
    public bool? Allowed { get; init; }

    public string? Reason { get; init; }
}

/// <summary>SelfSubjectReview: whom the cluster takes the caller for.</summary>
internal sealed record SubjectReviewObject
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public SubjectReviewStatus? Status { get; init; }
}

internal sealed record SubjectReviewStatus
{
    public UserInfo? UserInfo { get; init; }
}

internal sealed record UserInfo
{
    public string? Username { get; init; }
}

internal sealed record VersionObject
{
    public string? GitVersion { get; init; }
}

internal sealed record DeleteOptions
{
    public string ApiVersion { get; init; } = "v1";

    public string Kind { get; init; } = "DeleteOptions";

    public long? GracePeriodSeconds { get; init; }

    public Preconditions? Preconditions { get; init; }
}

internal sealed record Preconditions
{
    public string? Uid { get; init; }
}
