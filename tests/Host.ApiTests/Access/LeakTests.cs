using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Access;

/// <summary>
/// What a caller may not see is not to be found by any way. The name of every object holds its kind, so every answer that a caller can get
/// is searched for the kinds that <c>visible.txt</c> does not give him.
/// </summary>
internal sealed class LeakTests(DatabaseKind kind) : AccessFixture(kind)
{
    private static readonly string[] Lists =
    [
        "users/", "organizations/", "teams/", "projects/", "project_updates/", "inventory/", "inventories/", "hosts/", "groups/", "credentials/",
        "credential_types/", "execution_environments/", "instance_groups/", "instances/", "job_templates/", "jobs/", "unified_jobs/", "job_events/",
        "ad_hoc_commands/", "ad_hoc_command_events/",
        "job_host_summaries/", "roles/", "labels/", "activity_stream/", "schedules/", "notification_templates/", "notifications/",
    ];

    /// <summary>The kinds whose objects have a list of their own name.</summary>
    private static readonly (string Kind, string List, string Field)[] Kinds =
    [
        ("user", "users/", "username"), ("organization", "organizations/", "name"), ("team", "teams/", "name"), ("project", "projects/", "name"),
        ("update", "project_updates/", "name"), ("inventory", "inventories/", "name"), ("host", "hosts/", "name"), ("part", "groups/", "name"),
        ("credential", "credentials/", "name"), ("image", "execution_environments/", "name"), ("group", "instance_groups/", "name"),
        ("instance", "instances/", "hostname"), ("template", "job_templates/", "name"), ("job", "jobs/", "name"), ("adhoc", "ad_hoc_commands/", "name"),
        ("label", "labels/", "name"), ("schedule", "schedules/", "name"), ("nightly", "schedules/", "name"),
        ("hook", "notification_templates/", "name"), ("notice", "notifications/", "error"),
    ];

    /// <summary>Ways to ask about one kind by what refers to it.</summary>
    private static readonly (string Kind, string Query)[] Questions =
    [
        ("organization", "job_templates/?organization__name__contains=mark-"), ("organization", "projects/?organization__name__contains=mark-"),
        ("project", "job_templates/?project__name__contains=mark-"), ("project", "jobs/?project__name__contains=mark-"),
        ("inventory", "job_templates/?inventory__name__contains=mark-"), ("inventory", "jobs/?inventory__search=mark-"),
        ("credential", "job_templates/?credentials__name__contains=mark-"), ("credential", "jobs/?credentials__search=mark-"),
        ("group", "jobs/?instance_group__name__contains=mark-"), ("group", "jobs/?or__instance_group__name=x&or__instance_group__name__contains=mark-"),
        ("template", "jobs/?job_template__name__contains=mark-"), ("host", "job_events/?host__name__contains=mark-"),
        ("host", "job_host_summaries/?host__search=mark-"), ("team", "organizations/?teams__name__contains=mark-"),
        ("user", "organizations/?users__username__contains=mark-"), ("job", "hosts/?last_job__name__contains=mark-"),
        ("inventory", "schedules/?inventory__name__contains=mark-"), ("schedule", "jobs/?schedule__name__contains=mark-"),
        ("project", "organizations/?projects__name__contains=mark-"), ("template", "organizations/?job_templates__search=mark-"),
        ("inventory", "ad_hoc_commands/?inventory__name__contains=mark-"), ("credential", "ad_hoc_commands/?credential__name__contains=mark-"),
        ("group", "ad_hoc_commands/?instance_group__search=mark-"), ("adhoc", "ad_hoc_command_events/?ad_hoc_command__name__contains=mark-"),
        ("host", "ad_hoc_command_events/?host__name__contains=mark-"),
        ("label", "job_templates/?labels__name__contains=mark-"), ("label", "jobs/?labels__search=mark-"),
    ];

    private static readonly (string Kind, string Url)[] ODataQuestions =
    [
        ("credential", "CredentialTypes?$filter=Credentials/any(c:contains(c/Name,'mark-'))"),
        ("project", "JobTemplates?$filter=contains(Project/Name,'mark-')"), ("inventory", "JobTemplates?$filter=contains(Inventory/Name,'mark-')"),
        ("inventory", "Jobs?$filter=contains(Inventory/Name,'mark-')"), ("group", "Jobs?$filter=contains(InstanceGroup/Name,'mark-')"),
        ("template", "Jobs?$filter=contains(JobTemplate/Name,'mark-')"), ("job", "Inventories?$filter=Jobs/any(j:contains(j/Name,'mark-job-'))"),
        ("template", "Projects?$filter=JobTemplates/any(t:contains(t/Name,'mark-'))"), ("job", "Hosts?$filter=contains(LastJob/Name,'mark-')"),
        ("summary", "Hosts?$filter=JobHostSummaries/any()"), ("event", "Hosts?$filter=JobEvents/$count%20gt%201"),
    ];

    private AccessWorld _world = null!;
    private MatrixTable _visible = null!;

    [OneTimeSetUp]
    public async Task MakeAsync()
    {
        _visible = MatrixTable.Read("visible.txt");
        _world = await MakeWorldAsync();
    }

    [TestCaseSource(nameof(CallerNames))]
    public async Task Lists_ShowWhatIsWritten(string caller)
    {
        foreach (var (kind, list, field) in Kinds)
        {
            var answer = await Clients[caller].GetAsync($"{list}?id={_world.Ids[kind]}");
            var found = answer.Column(field).Any(name => name.StartsWith(AccessWorld.Mark(kind), StringComparison.Ordinal));
            Assert.That(found, Is.EqualTo(Sees(caller, kind)), $"{caller} and {kind}");
        }
    }

    [TestCaseSource(nameof(CallerNames))]
    public async Task NoAnswer_TellsOfWhatIsNotVisible(string caller)
    {
        var leaks = new List<string>();
        foreach (var url in await UrlsAsync(caller))
        {
            var answer = await AskAsync(caller, url);
            Assert.That((int)answer.Status, Is.LessThan(500), $"{url}\n{answer.Text}");
            leaks.AddRange(_visible.Keys.Where(kind => !Sees(caller, kind) && answer.Text.Contains(AccessWorld.Mark(kind), StringComparison.Ordinal))
                .Select(kind => $"{url} tells of {kind}"));
        }

        Assert.That(leaks, Is.Empty);
    }

    [TestCaseSource(nameof(CallerNames))]
    public async Task NoQuestion_IsAnsweredByWhatIsNotVisible(string caller)
    {
        foreach (var (kind, url) in Questions.Where(question => !Sees(caller, question.Kind)))
        {
            var answer = await Clients[caller].GetAsync(url);
            Assert.That((int)answer["count"]!, Is.Zero, $"{url}\n{answer.Text}");
        }

        foreach (var (kind, url) in ODataQuestions.Where(question => !Sees(caller, question.Kind)))
        {
            var answer = await Clients[caller].GetAsync("/odata/" + url);
            Assert.That(answer["value"]?.AsArray(), Is.Empty, $"{url}\n{answer.Text}");
        }
    }

    [TestCaseSource(nameof(CallerNames))]
    public async Task Name_LeadsToWhatIsVisibleOnly(string caller)
    {
        foreach (var (kind, list, _) in Kinds.Where(one => one.Kind is not ("update" or "job" or "adhoc" or "schedule" or "nightly" or "notice")))
        {
            // Owners that the caller doesn't see are missing in the name as he is told it.
            var teller = Sees(caller, kind) ? Clients[caller] : Server.Admin;
            var named = (await teller.GetAsync($"{list}{_world.Ids[kind]}/"))["related"]!["named_url"]!.ToString();
            var status = (int)(await Clients[caller].GetAsync(named)).Status;
            Assert.That(status is 200 || !Sees(caller, kind), $"{caller} {named} {status}");
            Assert.That(status is 404 || Sees(caller, kind), $"{caller} {named} {status}");
        }
    }

    [TestCaseSource(nameof(CallerNames))]
    public async Task List_TakesAFixedNumberOfRows_InAnyOrder(string caller)
    {
        // An order by what is not visible must neither fail nor lose rows.
        foreach (var (list, order) in new[] { ("job_templates/", "project__name"), ("jobs/", "-inventory__name"), ("hosts/", "inventory__organization__name") })
        {
            var plain = await Clients[caller].GetAsync(list);
            var ordered = await Clients[caller].GetAsync($"{list}?order_by={order}");
            Assert.That(ordered["count"]!.ToString(), Is.EqualTo(plain["count"]!.ToString()), $"{list} {order}");
        }
    }

    private async Task<ApiAnswer> AskAsync(string caller, string url)
    {
        try
        {
            return await Clients[caller].GetAsync(url);
        }
        catch (HttpRequestException e)
        {
            throw new AssertionException($"{url} broke off: {e.Message}", e);
        }
    }

    private static IEnumerable<string> CallerNames() => AccessWorld.Callers.Select(caller => caller.Name).Where(name => name != "anonymous");

    private bool Sees(string caller, string kind) => _visible.Cell(kind, caller) == "y";

    /// <summary>Every list, every object of the world, every link that leads on from there, and every OData set with all that expands.</summary>
    private async Task<IReadOnlyCollection<string>> UrlsAsync(string caller)
    {
        var urls = new HashSet<string>();
        foreach (var list in Lists.Where(list => list != "inventory/"))
        {
            urls.Add($"{list}?page_size=200");
            urls.Add($"{list}?search=mark&page_size=200");
        }

        foreach (var (kind, list, _) in Kinds)
        {
            var seen = await Server.Admin.GetAsync($"{list}{_world.Ids[kind]}/");
            urls.Add($"{list}{_world.Ids[kind]}/");
            foreach (var (name, link) in seen["related"]!.AsObject())
            {
                // A launch tells those who may launch what it would use.
                if (name is not ("named_url" or "launch"))
                {
                    urls.Add(link!.ToString());
                }
            }
        }

        foreach (var set in (await Server.Admin.GetAsync("/odata/"))["value"]!.AsArray().Select(set => set!["name"]!.ToString()))
        {
            urls.Add($"/odata/{set}?$expand=*");
            urls.Add($"/odata/{set}?$search=mark");
        }

        return urls;
    }
}
