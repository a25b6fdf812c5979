using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace ContainerGroups.Host.Cli;

/// <summary>A project as a tar.gz that is made while it is sent, so that its size costs neither memory nor disk.</summary>
internal sealed class ArchiveContent : HttpContent
{
    private readonly ProjectDirectory _project;

    public ArchiveContent(ProjectDirectory project)
    {
        _project = project;
        Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var file in _project.Files)
        {
            await using var content = file.Open();
            if (content is not null && content.Length != file.Length)
            {
                throw new CliException(ExitCodes.BadRequest, $"The project's file {file.Path} changed while it was uploaded; run it again.");
            }

            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, file.Name) { Mode = file.Mode, DataStream = content }, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
