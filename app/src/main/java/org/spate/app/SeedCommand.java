package org.spate.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.spate.app.transfer.FileSelection;
import org.spate.app.transfer.SeedingGoal;
import org.spate.app.transfer.Transfer;
import org.spate.app.transfer.Transfers;
import org.spate.core.swarm.SwarmSettings.SuperSeeding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves a torrent whose files are all here. */
@Command(
    name = "seed",
    description = {
      "Serve a torrent's files to others until interrupted.",
      "The files are checked first; nothing is served if something is missing or damaged."
    })
final class SeedCommand implements Callable<Integer> {
  @Mixin private TransferOptions transfer;

  @Parameters(paramLabel = "TORRENT", description = "A .torrent file.")
  private Path torrent;

  @Option(
      names = "--super-seed",
      paramLabel = "on|off|auto",
      description =
          "Spread every piece once before any twice (BEP 16); auto, the default: while there is no"
              + " other seed.")
  private SuperSeeding superSeeding = SuperSeeding.AUTO;

  @Override
  public Integer call() throws InterruptedException, IOException {
    var metainfo = TorrentSource.torrent(torrent);
    transfer.requireFolder();
    // Paused: nobody is told of us before the check has shown that we are a seed.
    var options = transfer.torrentOptions().withSuperSeeding(superSeeding).paused();
    var requests =
        List.<Transfers.Request>of(new Transfers.FileRequest(metainfo, FileSelection.ALL, options));
    return transfer.run(
        new Transfers.Plan(Transfer.Role.SEED, new SeedingGoal.Endless(), requests), null);
  }
}
