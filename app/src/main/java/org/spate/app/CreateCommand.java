package org.spate.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.ByteSize;
import org.spate.core.metainfo.CreationOptions;
import org.spate.core.metainfo.MetainfoException;
import org.spate.core.metainfo.MetainfoParser;
import org.spate.core.metainfo.TorrentFormat;
import org.spate.engine.TlsIdentity;
import org.spate.engine.storage.TorrentCreator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a torrent of a file or folder. */
@Command(
    name = "create",
    description = {
      "Make a torrent of a file or folder.",
      "The same files and options with the same --date make the same torrent, byte for byte."
    })
final class CreateCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(paramLabel = "PATH", description = "The file or folder.")
  private Path path;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to write it; PATH.torrent in the current folder if not given.")
  private @Nullable Path file;

  @Option(
      names = {"-t", "--tracker"},
      paramLabel = "URL",
      description = "A tracker; each is a tier of its own, those joined by commas share one.")
  private List<String> trackers = List.of();

  @Option(
      names = {"-w", "--web-seed"},
      paramLabel = "URL",
      description = "A web server that has the files.")
  private List<String> webSeeds = List.of();

  @Option(
      names = "--format",
      paramLabel = "v1|v2|hybrid",
      description = "Which clients it is for; v1 if not given.")
  private TorrentFormat format = TorrentFormat.V1;

  @Option(
      names = "--piece-size",
      paramLabel = "SIZE",
      description = "Length of a piece, like 256KiB; chosen by size if not given.")
  private @Nullable ByteSize pieceSize;

  @Option(names = "--private", description = "Peers come from its trackers only.")
  private boolean isPrivate;

  @Option(names = "--comment", paramLabel = "TEXT", description = "Free text.")
  private @Nullable String comment;

  @Option(
      names = "--source",
      paramLabel = "TEXT",
      description = "Tells copies for several trackers apart: it changes the info-hash.")
  private @Nullable String source;

  @Option(
      names = "--ssl-cert",
      paramLabel = "ROOT.pem",
      description =
          "Let in those only whose certificates this one has signed: peers meet over TLS alone"
              + " (libtorrent's SSL torrents).")
  private @Nullable Path rootCertificate;

  @Option(
      names = "--date",
      paramLabel = "DATE",
      description = "The creation date, like 2026-01-31 or seconds since 1970; now if not given.")
  private @Nullable CreationDate date;

  @Override
  public Integer call() throws IOException {
    var name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
    if (!Files.exists(path)) {
      throw new BadInputException(path + ": no such file or folder");
    }
    var target = file == null ? Path.of(name + ".torrent") : file;
    requireRoom(target);
    var torrent = create(name);
    write(torrent, target);
    var text = new MetainfoText(output.out());
    text.field("Written", target.toString());
    text.writeSummary(MetainfoParser.parse(torrent));
    return Spate.DONE;
  }

  /** Hashing may take hours: what would fail behind it fails before it. */
  private static void requireRoom(Path target) throws IOException {
    var folder = target.toAbsolutePath().getParent();
    if (Files.isDirectory(target) || folder == null) {
      throw new BadInputException(target + ": a folder, not a file to write");
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(folder + ": no such folder");
    }
    try {
      Files.delete(Files.createTempFile(folder, ".spate", null));
    } catch (FileSystemException e) {
      throw new AccessDeniedException(folder.toString());
    }
  }

  private byte[] create(String name) {
    int threads = Runtime.getRuntime().availableProcessors();
    try (var progress = output.progress()) {
      var shown = new DiskProgress(progress, name, "hashing");
      return TorrentCreator.create(path, options(name), threads, shown::onProgress);
    } catch (MetainfoException e) {
      throw new BadInputException(path + ": " + e.getMessage(), e);
    }
  }

  private CreationOptions options(String name) {
    long seconds = date == null ? Instant.now().getEpochSecond() : date.epochSeconds();
    return new CreationOptions(
        name,
        !Files.isDirectory(path),
        format,
        pieceLength(),
        isPrivate,
        source,
        certificate(),
        comment,
        "Spate " + Version.name(),
        seconds,
        trackers.stream().map(tier -> Arrays.asList(tier.split(",", -1))).toList(),
        webSeeds);
  }

  private @Nullable String certificate() {
    if (rootCertificate == null) {
      return null;
    }
    try {
      return TlsIdentity.root(rootCertificate);
    } catch (IOException e) {
      throw new BadInputException(rootCertificate + ": " + e.getMessage(), e);
    }
  }

  private int pieceLength() {
    if (pieceSize == null) {
      return 0;
    }
    // A length of 0 would mean that it is to be chosen; both are refused by the plan otherwise.
    if (pieceSize.bytes() == 0 || pieceSize.bytes() > Integer.MAX_VALUE) {
      throw new BadInputException("a piece cannot be " + pieceSize + " long");
    }
    return (int) pieceSize.bytes();
  }

  /** All of it or nothing, whatever happens. */
  private static void write(byte[] torrent, Path target) throws IOException {
    var unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
    try {
      Files.write(unfinished, torrent);
      Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
