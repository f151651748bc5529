package org.spate.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.spate.core.metainfo.Metainfo;
import org.spate.core.swarm.PieceSet;
import org.spate.engine.storage.TorrentVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks files against their torrent. */
@Command(
    name = "verify",
    description = {
      "Check files against their torrent; nothing is changed.",
      "The exit code is 0 if all are whole, and 1 if something is missing or damaged."
    })
final class VerifyCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(paramLabel = "TORRENT", description = "A .torrent file.")
  private Path torrent;

  @Option(
      names = {"-d", "--dir"},
      paramLabel = "DIR",
      description = "The folder that holds the torrent's file or folder; here if not given.")
  private Path folder = Path.of("");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean isJson;

  @Override
  public Integer call() {
    var metainfo = TorrentSource.torrent(torrent);
    if (!Files.isDirectory(folder.toAbsolutePath())) {
      throw new BadInputException(folder + ": no such folder");
    }
    var report = new VerifyReport(metainfo, folder.toAbsolutePath(), verify(metainfo));
    if (isJson) {
      output.json().write(report::write);
    } else {
      report.print(output.out());
    }
    return report.isWhole() ? Spate.DONE : Spate.FAILED;
  }

  private PieceSet verify(Metainfo metainfo) {
    int threads = Runtime.getRuntime().availableProcessors();
    long length = metainfo.geometry().pieceLength();
    long total = metainfo.geometry().totalLength();
    try (var progress = output.progress();
        var pool = Executors.newFixedThreadPool(threads)) {
      var shown = new DiskProgress(progress, metainfo.name(), "checking");
      return TorrentVerifier.verify(
              metainfo.info(),
              folder.toAbsolutePath(),
              pool,
              threads,
              (checked, _) -> shown.onProgress(Math.min(checked * length, total), total))
          .join();
    }
  }
}
