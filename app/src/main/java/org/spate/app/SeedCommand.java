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

/** Serves torrents whose files are all here. */
@Command(
    name = "seed",
    description = {
      "Serve the files of torrents to others until interrupted.",
      "They are checked first; a torrent is not served if something of it is missing or damaged."
    })
final class SeedCommand implements Callable<Integer> {
  @Mixin private TransferOptions transfer;

  @Parameters(
      arity = "1..*",
      paramLabel = "TORRENT",
      description = "A .torrent file; one line is shown for each where there are several.")
  private List<Path> torrents;

  @Option(
      names = "--super-seed",
      paramLabel = "on|off|auto",
      description =
          "Spread every piece once before any twice (BEP 16); auto, the default: while there is no"
              + " other seed.")
  private SuperSeeding superSeeding = SuperSeeding.AUTO;

  @Override
  public Integer call() throws InterruptedException, IOException {
    var metainfos = torrents.stream().map(TorrentSource::torrent).toList();
    transfer.requireFolder();
    // Paused: nobody is told of us before the check has shown that we are a seed.
    var options = transfer.torrentOptions().withSuperSeeding(superSeeding).paused();
    var requests =
        metainfos.stream()
            .<Transfers.Request>map(
                metainfo -> new Transfers.FileRequest(metainfo, FileSelection.ALL, options))
            .toList();
    return transfer.run(
        new Transfers.Plan(Transfer.Role.SEED, new SeedingGoal.Endless(), requests), null);
  }
}
