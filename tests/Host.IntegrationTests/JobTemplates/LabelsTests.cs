using System.Net;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.JobTemplates;

/// <summary>Labels of templates and jobs.</summary>
internal sealed class LabelsTests(DatabaseKind kind) : ApiFixture(kind)
{
    private long _group;

    [OneTimeSetUp]
    public async Task MakeGroupAsync() =>
        _group = await Admin.CreateAsync("instance_groups/", """{"name":"for labels","execution_backend":"fake"}""");

    [Test]
    public async Task Label_IsUniqueInItsOrganization_AndNamedByIt()
    {
        var name = Fresh("l");
        var id = await LabelAsync(name);

        var again = await Admin.PostAsync("labels/", $$"""{"name":"{{name}}","organization":1}""");
        Assert.That((again.Status, again.Error("__all__")), Is.EqualTo((HttpStatusCode.BadRequest, "Label with this Name and Organization already exists.")));
        var shown = await Admin.GetAsync((string)(await Admin.GetAsync($"labels/{id}/"))["related"]!["named_url"]!);
        Assert.That(((long)shown["id"]!, (string?)shown["type"], (int)shown["organization"]!), Is.EqualTo((id, "label", 1)));
        Assert.That(shown.Json.AsObject().ContainsKey("description"), Is.False);
        Assert.That((await Admin.PatchAsync($"labels/{id}/", $$"""{"name":"{{name}} 2"}""")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Admin.DeleteAsync($"labels/{id}/")).Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That((await Admin.PostAsync("labels/", """{"name":"x"}""")).Error("organization"), Is.EqualTo("This field is required."));
    }

    [Test]
    public async Task Template_MakesALabel_OrTakesTheOneThatIsThere()
    {
        var (template, name) = (await TemplateAsync(), Fresh("l"));
        var body = $$"""{"name":"{{name}}","organization":1}""";

        var made = await Admin.PostAsync($"job_templates/{template}/labels/", body);
        var taken = await Admin.PostAsync($"job_templates/{await TemplateAsync()}/labels/", body);

        Assert.That((made.Status, taken.Status), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.NoContent)));
        Assert.That((await Admin.GetAsync($"labels/?name={Uri.EscapeDataString(name)}")).Column("id"), Is.EqualTo(new[] { made["id"]!.ToString() }));
        Assert.That((await Admin.GetAsync($"job_templates/?labels__name={Uri.EscapeDataString(name)}")).Names.Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Summary_CountsAll_AndShowsFive()
    {
        var template = await TemplateAsync();
        for (var i = 0; i < 6; i++)
        {
            await Admin.PostAsync($"job_templates/{template}/labels/", $$"""{"name":"{{i}} {{Fresh("s")}}","organization":1}""");
        }

        var summary = (await Admin.GetAsync($"job_templates/{template}/"))["summary_fields"]!["labels"]!;

        Assert.That((int)summary["count"]!, Is.EqualTo(6));
        Assert.That(summary["results"]!.AsArray().Select(label => label!["name"]!.ToString()[0]), Is.EqualTo("01234"));
    }

    [Test]
    public async Task LastPlace_TakesTheLabelWithIt()
    {
        var (one, other, id) = (await TemplateAsync(), await TemplateAsync(), await LabelAsync(Fresh("l")));
        await Admin.PostAsync($"job_templates/{one}/labels/", $$"""{"id":{{id}}}""");
        await Admin.PostAsync($"job_templates/{other}/labels/", $$"""{"id":{{id}}}""");

        await Admin.PostAsync($"job_templates/{one}/labels/", $$"""{"id":{{id}},"disassociate":true}""");
        Assert.That((await Admin.GetAsync($"labels/{id}/")).Status, Is.EqualTo(HttpStatusCode.OK));
        await Admin.DeleteAsync($"job_templates/{other}/");
        Assert.That((await Admin.GetAsync($"labels/{id}/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Job_KeepsALabelThatItsTemplateLost_AndTakesItAlongWhenDeleted()
    {
        var (template, id) = (await TemplateAsync(), await LabelAsync(Fresh("l")));
        await Admin.PostAsync($"job_templates/{template}/labels/", $$"""{"id":{{id}}}""");
        var job = new Job { Name = "ended", JobTemplateId = template, Status = JobStatuses.Successful, EventProcessingFinished = true };
        job.Labels.Add(new JobLabel { LabelId = id });
        await Server.InsertAsync(job);

        await Admin.PostAsync($"job_templates/{template}/labels/", $$"""{"id":{{id}},"disassociate":true}""");
        Assert.That((await Admin.GetAsync($"jobs/{job.Id}/labels/")).Column("id"), Is.EqualTo(new[] { $"{id}" }));
        await Admin.DeleteAsync($"jobs/{job.Id}/");
        Assert.That((await Admin.GetAsync($"labels/{id}/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Inventory_HasLabels_ShownCountedAndFoundByThem()
    {
        var inventory = await Admin.CreateAsync("inventories/", $$"""{"name":"{{Fresh("i")}}","organization":1}""");
        var name = Fresh("l");

        var made = await Admin.PostAsync($"inventories/{inventory}/labels/", $$"""{"name":"{{name}}","organization":1}""");

        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.Created), made.Text);
        var shown = await Admin.GetAsync($"inventories/{inventory}/");
        Assert.That(shown["related"]!["labels"]!.ToString(), Is.EqualTo($"/api/v2/inventories/{inventory}/labels/"));
        Assert.That(shown["summary_fields"]!["labels"]!.ToJsonString(), Is.EqualTo($$"""{"count":1,"results":[{"id":{{made["id"]}},"name":"{{name}}"}]}"""));
        Assert.That((await Admin.GetAsync($"inventories/?labels__name={Uri.EscapeDataString(name)}")).Names.Count(), Is.EqualTo(1));
        await Admin.PostAsync($"inventories/{inventory}/labels/", $$"""{"id":{{made["id"]}},"disassociate":true}""");
        Assert.That((await Admin.GetAsync($"labels/{made["id"]}/")).Status, Is.EqualTo(HttpStatusCode.NotFound), "it was on nothing else");
    }

    [Test]
    public async Task Schedule_GivesItsLabelsToItsJobs_WhereTheTemplateAsks()
    {
        var (template, id) = (await TemplateAsync(), await LabelAsync(Fresh("l")));
        var schedule = await Admin.CreateAsync(
            $"job_templates/{template}/schedules/", """{"name":"n","rrule":"DTSTART:20990101T000000Z RRULE:FREQ=DAILY;INTERVAL=1"}""");
        var url = $"schedules/{schedule}/labels/";

        Assert.That(
            (await Admin.PostAsync(url, $$"""{"id":{{id}}}"""))["msg"]!.ToString(), Is.EqualTo("Related template is not configured to accept labels on launch."));
        await Admin.PatchAsync($"job_templates/{template}/", """{"ask_labels_on_launch":true}""");
        Assert.That((await Admin.PostAsync(url, $$"""{"id":{{id}}}""")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await Admin.GetAsync(url)).Column("id"), Is.EqualTo(new[] { $"{id}" }));
        Assert.That((await Admin.GetAsync($"schedules/?labels={id}")).Column("id"), Is.EqualTo(new[] { $"{schedule}" }));

        await Admin.DeleteAsync($"schedules/{schedule}/");
        Assert.That((await Admin.GetAsync($"labels/{id}/")).Status, Is.EqualTo(HttpStatusCode.NotFound), "it was on nothing else");
    }

    [Test]
    public async Task LabelInSeveralKindsOfPlaces_StaysUntilTheLast()
    {
        var (template, id) = (await TemplateAsync(), await LabelAsync(Fresh("l")));
        var inventory = await Admin.CreateAsync("inventories/", $$"""{"name":"{{Fresh("i")}}","organization":1}""");
        await Admin.PostAsync($"job_templates/{template}/labels/", $$"""{"id":{{id}}}""");
        await Admin.PostAsync($"inventories/{inventory}/labels/", $$"""{"id":{{id}}}""");

        await Admin.DeleteAsync($"job_templates/{template}/");
        Assert.That((await Admin.GetAsync($"labels/{id}/")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Admin.DeleteAsync($"inventories/{inventory}/")).Status, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That((await Admin.GetAsync($"labels/{id}/")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task OneTooMany_IsRefused()
    {
        var (template, id) = (await TemplateAsync(), await LabelAsync(Fresh("l")));
        await using (var db = Server.Database.Open())
        {
            var labels = Enumerable.Range(0, 100).Select(i => new Label { Name = $"{i} {id}", OrganizationId = 1 }).ToList();
            db.AddRange(labels.Select(label => new JobTemplateLabel { JobTemplateId = template, Label = label }));
            await db.SaveChangesAsync();
        }

        var answer = await Admin.PostAsync($"job_templates/{template}/labels/", $$"""{"id":{{id}}}""");

        Assert.That((answer.Status, (string?)answer["msg"]), Is.EqualTo((HttpStatusCode.BadRequest, "Maximum number of labels for job template reached.")));
    }

    [Test]
    public async Task Launch_AddsLabelsToTheTemplates_WhenItAsksForThem_AndARelaunchKeepsThem()
    {
        var (template, own, given) = (await TemplateAsync(), await LabelAsync(Fresh("a")), await LabelAsync(Fresh("b")));
        await Admin.PostAsync($"job_templates/{template}/labels/", $$"""{"id":{{own}}}""");
        var body = $$"""{"labels":[{{given}}]}""";

        var unasked = await Admin.PostAsync($"job_templates/{template}/launch/", body);
        await Admin.PatchAsync($"job_templates/{template}/", """{"ask_labels_on_launch":true}""");
        var shown = await Admin.GetAsync($"job_templates/{template}/launch/");
        var asked = await Admin.PostAsync($"job_templates/{template}/launch/", body);
        var again = await Admin.PostAsync($"jobs/{asked["id"]}/relaunch/", "{}");

        Assert.That(unasked["ignored_fields"]!["labels"]!.ToJsonString(), Is.EqualTo($"[{given}]"), unasked.Text);
        Assert.That(await LabelsOfAsync(unasked), Is.EqualTo(new[] { $"{own}" }));
        Assert.That((long)shown["defaults"]!["labels"]![0]!["id"]!, Is.EqualTo(own));
        Assert.That(await LabelsOfAsync(asked), Is.EquivalentTo(new[] { $"{own}", $"{given}" }));
        Assert.That(await LabelsOfAsync(again), Is.EquivalentTo(new[] { $"{own}", $"{given}" }));
        Assert.That((int)again["summary_fields"]!["labels"]!["count"]!, Is.EqualTo(2));
    }

    [TestCase("""{"labels":[987654]}""", "Invalid pk \"987654\" - object does not exist.")]
    [TestCase("""{"labels":"x"}""", "Expected a list of ids of labels.")]
    public async Task Launch_WithBadLabels_IsRefused(string body, string message)
    {
        var template = await TemplateAsync();
        await Admin.PatchAsync($"job_templates/{template}/", """{"ask_labels_on_launch":true}""");

        var answer = await Admin.PostAsync($"job_templates/{template}/launch/", body);

        Assert.That((answer.Status, answer.Error("labels")), Is.EqualTo((HttpStatusCode.BadRequest, message)), answer.Text);
    }

    private async Task<IEnumerable<string>> LabelsOfAsync(ApiAnswer job) => (await Admin.GetAsync($"jobs/{job["id"]}/labels/")).Column("id");

    private Task<long> LabelAsync(string name) => Admin.CreateAsync("labels/", $$"""{"name":"{{name}}","organization":1}""");

    private async Task<long> TemplateAsync()
    {
        var id = await Admin.CreateAsync("job_templates/", $$"""{"name":"{{Fresh("t")}}","job_type":"command","command":["true"]}""");
        await Admin.PostAsync($"job_templates/{id}/instance_groups/", $$"""{"id":{{_group}}}""");
        return id;
    }
}
