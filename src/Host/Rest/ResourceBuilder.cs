using System.Linq.Expressions;
using System.Text.Json;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

/// <summary>
/// Describes a resource, from top to bottom as it is shown. See <c>docs/api-machinery.md</c> for an example.
/// </summary>
/// <param name="segment">The part of the URL: <c>instance_groups</c>.</param>
/// <param name="typeName">AWX's name of the type: <c>instance_group</c>.</param>
/// <param name="visible">The rows that a caller may see.</param>
internal sealed partial class ResourceBuilder<T>(string segment, string typeName, Func<AppDb, Caller, IQueryable<T>> visible)
    where T : class
{
    private readonly List<Field<T>> _fields = [];
    private readonly List<Field<T>> _summaries = [];
    private readonly List<(string Name, Func<T, RowPage, string?> Url)> _related = [];
    private readonly List<Relation> _relations = [];
    private readonly List<SubList<T>> _subLists = [];
    private readonly List<ResourceAction<T>> _actions = [];
    private readonly T? _fresh = typeof(T).IsAbstract ? null : Activator.CreateInstance<T>();
    private readonly WriteRules<T> _rules = new() { Create = typeof(T).IsAbstract ? null : Activator.CreateInstance<T> };

    private string? _rootKey = "";
    private string _verboseName = typeName.Replace('_', ' ');
    private string? _modelName;
    private ResourceMethods _methods = ResourceMethods.All;
    private string[]? _searchFields;
    private string[] _order = ["id"];
    private string[] _summaryKeys = ["id", "name", "description"];
    private NamedUrlForm? _namedUrl;
    private bool _allowsLimit;
    private bool _isRecorded;
    private bool _isSecondary;
    private Expression<Func<T, bool>>? _part;
    private Func<Write<T>, Task<T>>? _creator;

    public WriteRules<T> Rules => _rules;

    /// <summary>Leaves the resource out of the API's root, or names it there otherwise.</summary>
    public ResourceBuilder<T> RootKey(string? key)
    {
        _rootKey = key;
        return this;
    }

    /// <summary>The type as people say it, where that is not the type's name with blanks.</summary>
    public ResourceBuilder<T> Called(string verboseName, string modelName)
    {
        (_verboseName, _modelName) = (verboseName, modelName);
        return this;
    }

    public ResourceBuilder<T> Methods(ResourceMethods methods)
    {
        _methods = methods;
        return this;
    }

    /// <summary>Gives the resource some of the entity's rows; the others don't exist for it.</summary>
    /// <param name="part">Which.</param>
    /// <param name="secondary">Whether another resource is the entity's own, to which whatever refers to the entity leads.</param>
    public ResourceBuilder<T> Only(Expression<Func<T, bool>> part, bool secondary = false)
    {
        (_part, _isSecondary) = (part, secondary);
        return this;
    }

    public ResourceBuilder<T> SearchIn(params string[] fields)
    {
        _searchFields = fields;
        return this;
    }

    public ResourceBuilder<T> OrderBy(params string[] keys)
    {
        _order = keys;
        return this;
    }

    /// <summary>The fields shown where other objects refer to this one.</summary>
    public ResourceBuilder<T> Summary(params string[] keys)
    {
        _summaryKeys = keys;
        return this;
    }

    /// <summary>The own fields that name an object in a URL, joined by <c>+</c>.</summary>
    public ResourceBuilder<T> NamedBy(params string[] fields)
    {
        _namedUrl = new NamedUrlForm(fields, []);
        return this;
    }

    /// <summary>An own field and the foreign keys whose names follow it, each after <c>++</c>.</summary>
    public ResourceBuilder<T> NamedBy(string field, string[] parents, bool parentsOptional = false)
    {
        _namedUrl = new NamedUrlForm([field], parents) { ParentsOptional = parentsOptional };
        return this;
    }

    /// <summary>Lets <c>limit=N</c> stand for the first N rows, uncounted.</summary>
    public ResourceBuilder<T> AllowLimit()
    {
        _allowsLimit = true;
        return this;
    }

    /// <summary>A name for filters that leads to rows of another resource.</summary>
    public ResourceBuilder<T> Relation<TTarget>(string name, Expression<Func<T, IEnumerable<TTarget>>> rows)
    {
        _relations.Add(new Relation(name, typeof(TTarget), rows));
        return this;
    }

    /// <summary>A link of the object besides those to sub-lists, actions and foreign keys. A null URL leaves it out.</summary>
    public ResourceBuilder<T> Related(string name, Func<T, RowPage, string?> url)
    {
        _related.Add((name, url));
        return this;
    }

    /// <summary>A list of other objects under an object, shown only.</summary>
    public ResourceBuilder<T> SubList<TChild>(
        string name, Func<AppDb, long, Expression<Func<TChild, bool>>> where, string? parentField = null)
        where TChild : class =>
        SubList(new SubList<T, TChild>(name, where) { ParentField = parentField });

    public ResourceBuilder<T> SubList(SubList<T> list)
    {
        _subLists.Add(list);
        _related.Add((list.Name, (row, page) => page.Catalog.Find(list.Child) is null ? null : $"{UrlOf(row, page)}{list.Name}/"));
        return this;
    }

    public ResourceBuilder<T> Action(ResourceAction<T> action)
    {
        _actions.Add(action);
        if (action.InRelated)
        {
            _related.Add((action.Name, (row, page) => $"{UrlOf(row, page)}{action.Name}/"));
        }

        return this;
    }

    /// <summary>Makes objects in another way than by storing what a body says.</summary>
    public ResourceBuilder<T> CreateBy(Func<Write<T>, Task<T>> creator)
    {
        _creator = creator;
        return this;
    }

    /// <summary>Lets the activity stream tell who changes the objects, and each object who changed it.</summary>
    public ResourceBuilder<T> Recorded()
    {
        _isRecorded = true;
        return SubList<ActivityEntry>("activity_stream", (_, id) => entry =>
            (entry.Object1 == typeName && entry.Object1Id == id) || (entry.Object2 == typeName && entry.Object2Id == id));
    }

    /// <summary>Lets those who have the right make copies: <c>/things/N/copy/</c>.</summary>
    /// <param name="andMore">Copies what is in no field; the arguments are the original and the copy. Null for nothing.</param>
    /// <param name="leftOut">Fields that are not copied, or by that.</param>
    public ResourceBuilder<T> Copied(Func<ApiCall, T, T, Task>? andMore = null, params string[] leftOut) => Action(
        new ResourceAction<T>("copy") { Get = RowCopy<T>.ShowAsync, Post = new RowCopy<T>(leftOut, andMore).MakeAsync, Needs = Right.Copy });

    public Resource<T> Build() => new(_part is { } part ? (db, caller) => visible(db, caller).Where(part) : visible)
    {
        Rows = _part is { } own ? db => db.Set<T>().Where(own) : db => db.Set<T>(),
        IsSecondary = _isSecondary,
        Creator = _creator,
        TypeName = typeName,
        VerboseName = _verboseName,
        ModelName = _modelName ?? string.Concat(typeName.Split('_').Select(SnakeCase.ToLabel)),
        Segment = segment,
        RootKey = _rootKey is "" ? segment : _rootKey,
        Methods = _methods,
        Fields = _fields,
        Summaries = _summaries,
        RelatedLinks = _related,
        Relations = _relations,
        SubLists = _subLists,
        Actions = _actions,
        Rules = _rules,
        Access = _access,
        RoleKind = _access.Kind,
        IsRecorded = _isRecorded,
        SearchFields = _searchFields
            ?? [.. SearchedByDefault.Where(name => _fields.Any(field => field.Name == name && field.Column is not null))],
        DefaultOrder = _order,
        SummaryKeys = _summaryKeys,
        NamedUrl = _namedUrl,
        AllowsLimit = _allowsLimit,
    };

    private static readonly string[] SearchedByDefault = ["name", "description", "username", "first_name", "last_name", "email"];

    private static string UrlOf(T row, RowPage page) => page.Resource.UrlOf(page.Resource.IdOf(row));

    private static void WriteRelated(Utf8JsonWriter writer, T row, RowPage page)
    {
        var resource = (Resource<T>)page.Resource;
        writer.WriteStartObject();
        if (page.NamedUrl is { } namedUrl)
        {
            writer.WriteString("named_url", namedUrl);
        }

        foreach (var field in resource.Fields.Where(field => field.Reference is { InRelated: true }))
        {
            if (field.Value(row, page) is long id && page.Catalog.Find(field.Reference!.Target) is { } target)
            {
                writer.WriteString(field.Name, target.UrlOf(id));
            }
        }

        foreach (var (name, url) in resource.RelatedLinks)
        {
            if (url(row, page) is { } link)
            {
                writer.WriteString(name, link);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteSummaries(Utf8JsonWriter writer, T row, RowPage page)
    {
        var resource = (Resource<T>)page.Resource;
        writer.WriteStartObject();
        foreach (var field in resource.Fields.Where(field => field.Reference is { InSummary: true }))
        {
            if (field.Value(row, page) is long id && page.Referenced(field.Reference!.Target, id) is { } found)
            {
                writer.WritePropertyName(field.Name);
                found.Page.Resource.WriteSummary(writer, found.Row, found.Page, field.Reference.SummaryKeys ?? found.Page.Resource.SummaryKeys);
            }
        }

        foreach (var part in resource.Summaries)
        {
            if (part.Value(row, page) is { } value)
            {
                writer.WritePropertyName(part.Name);
                JsonValues.Write(writer, value);
            }
        }

        writer.WriteEndObject();
    }
}
