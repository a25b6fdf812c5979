using ContainerGroups.Host.Storage;
using FluentValidation;

namespace ContainerGroups.Host.Projects;

/// <summary>What makes a project of its kind legal.</summary>
internal sealed class ProjectValidator : AbstractValidator<Project>
{
    public ProjectValidator(ManualProjects manual, ProjectsOptions options)
    {
        RuleFor(x => x.LocalPath).Custom((path, context) => Fault(manual.FaultOf(path), context)).When(x => x.ScmType == ScmTypes.Manual);
        When(x => x.ScmType == ScmTypes.Git, () =>
        {
            RuleFor(x => x.ScmUrl).NotEmpty().WithMessage("This field is required for git projects.");
            RuleFor(x => x.ScmUrl).Custom((url, context) => Fault(GitSource.FaultOfUrl(url, options.AllowedProtocols), context)).When(x => x.ScmUrl.Length > 0);
            RuleFor(x => x.ScmBranch).Custom((branch, context) => Fault(GitSource.FaultOfWord(branch), context));
            RuleFor(x => x.ScmRefspec).Custom((refspec, context) => Fault(GitSource.FaultOfWord(refspec), context));
        });
        When(x => x.ScmType != ScmTypes.Git, () =>
        {
            RuleFor(x => x.ScmUrl).Empty().WithMessage("Only git projects have a URL; an archive is uploaded to the project's archive/.");
            RuleFor(x => x.ScmUpdateOnLaunch).Equal(false).WithMessage("Only git projects can be updated on launch.");
            RuleFor(x => x.AllowOverride).Equal(false).WithMessage("Only git projects have branches to override.");
        });
        RuleFor(x => x.ScmUpdateCacheTimeout).GreaterThanOrEqualTo(0).WithMessage("Ensure this value is greater than or equal to 0.");
    }

    private static void Fault<T>(string? fault, ValidationContext<T> context)
    {
        if (fault is not null)
        {
            context.AddFailure(fault);
        }
    }
}
