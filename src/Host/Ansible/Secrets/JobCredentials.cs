using ContainerGroups.Host.Credentials;

namespace ContainerGroups.Host.Ansible.Secrets;

/// <summary>The credentials of a job as its program needs them, after AWX's check that they are complete.</summary>
internal static class JobCredentials
{
    /// <exception cref="ProgramBuildException">One lacks a value.</exception>
    public static IReadOnlyList<OpenCredential> ForProgram(JobCredentialSet set)
    {
        foreach (var credential in set.All.Where(credential => credential.MissingInputs.Count > 0).OrderBy(credential => credential.Id))
        {
            throw new ProgramBuildException(
                $"Job cannot start because Credential {credential.Id} does not provide one or more required fields "
                + $"({string.Join(", ", credential.MissingInputs)}). Task failed pre-start check.");
        }

        IReadOnlyList<OpenCredential> ofJob = [.. set.OfJob.Select(credential => credential.With(set.Passwords))];
        // A credential may have begun to ask since the launch.
        var lacking = ofJob.SelectMany(credential => credential.Passwords).ToList();
        return lacking.Count == 0 ? ofJob : throw new ProgramBuildException(
            $"Job cannot start because passwords were not given at its launch: {string.Join(", ", lacking)}. Launch it again.");
    }
}
