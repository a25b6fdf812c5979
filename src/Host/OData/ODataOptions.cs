using System.ComponentModel.DataAnnotations;

namespace ContainerGroups.Host.OData;

/// <summary>How much one request may ask for.</summary>
internal sealed class ODataOptions
{
    public const string Section = "OData";

    /// <summary>Rows of an answer when the client names no size.</summary>
    [Range(1, 1_000_000)]
    public int PageSize { get; set; } = 1000;

    /// <summary>Rows of an answer that a client may ask for with <c>Prefer: maxpagesize</c>.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPageSize { get; set; } = 1_000_000;

    /// <summary>Rows of an answer that expands collections: each of them costs a statement for each.</summary>
    [Range(1, 10_000)]
    public int ExpandedPageSize { get; set; } = 100;

    /// <summary>Levels of <c>$expand</c>.</summary>
    [Range(1, 10)]
    public int MaxExpandDepth { get; set; } = 4;

    /// <summary>Parts of all the expressions of a request together.</summary>
    [Range(1, 10_000)]
    public int MaxNodes { get; set; } = 500;

    /// <summary>Levels of <c>any</c>, <c>all</c> and <c>$count</c> inside each other.</summary>
    [Range(1, 10)]
    public int MaxLambdaDepth { get; set; } = 3;

    /// <summary>How long the database may work on one request.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Requests of one batch.</summary>
    [Range(1, 1000)]
    public int MaxBatchRequests { get; set; } = 50;
}
