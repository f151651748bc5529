package org.spate.app;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.Rate;
import org.spate.app.transfer.FileSelection;
import org.spate.app.transfer.PeerAddress;
import org.spate.app.transfer.SeedingGoal;
import org.spate.app.transfer.Transfer;
import org.spate.app.transfer.Transfers;
import org.spate.core.metainfo.Metainfo;
import org.spate.engine.TorrentOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads torrents, and seeds them as long as it is told to. */
@Command(
    name = "get",
    description = {
      "Download torrents, several at once.",
      "It goes on seeding until it is interrupted, unless one of --no-seed, --seed-ratio and"
          + " --seed-time says otherwise. Interrupted or killed, the same command goes on where it"
          + " was."
    })
final class GetCommand implements Callable<Integer> {
  @Mixin private TransferOptions transfer;

  @Parameters(
      paramLabel = "SOURCE",
      arity = "1..*",
      description = "A .torrent file, or a magnet link.")
  private List<String> sources;

  @Option(
      names = "--select",
      paramLabel = "GLOB",
      description = "Fetch only files or folders like '*.mkv'; may be repeated.")
  private List<String> selected = List.of();

  @Option(names = "--sequential", description = "Fetch pieces in order, not the rarest first.")
  private boolean isSequential;

  @Option(names = "--overwrite", description = "Write over files that do not match the torrent.")
  private boolean isOverwriting;

  @Option(
      names = "--peer",
      paramLabel = "HOST:PORT",
      description = "Connect to this peer, too; may be repeated.")
  private List<PeerAddress> peers = List.of();

  @Option(
      names = "--down",
      paramLabel = "RATE",
      description = "Receive no more than this, like 2MiB or 8Mbit, of all torrents together.")
  private @Nullable Rate down;

  @ArgGroup private @Nullable Seeding seeding;

  /** One of the three, or none. */
  private static final class Seeding {
    @Option(names = "--no-seed", description = "End when all is there.")
    @SuppressWarnings("unused") // it is what remains if the others are not set
    private boolean isUnwanted;

    @Option(
        names = "--seed-ratio",
        paramLabel = "R",
        description = "Seed until R times the size has been sent.")
    private @Nullable Double ratio;

    @Option(
        names = "--seed-time",
        paramLabel = "DURATION",
        description = "Seed so long, like 90s, 30m or 1h30m.")
    private @Nullable Duration time;

    SeedingGoal goal() {
      if (ratio != null) {
        return ratio(ratio);
      }
      return time != null ? new SeedingGoal.Time(time) : new SeedingGoal.None();
    }

    private static SeedingGoal ratio(double ratio) {
      try {
        return new SeedingGoal.Ratio(ratio);
      } catch (IllegalArgumentException e) {
        throw new BadInputException(String.valueOf(e.getMessage()), e);
      }
    }
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    var goal = seeding == null ? new SeedingGoal.Endless() : seeding.goal();
    var options = options();
    var requests = sources.stream().map(source -> request(source, options)).toList();
    transfer.makeFolder();
    return transfer.run(new Transfers.Plan(Transfer.Role.GET, goal, requests), down);
  }

  private Transfers.Request request(String source, TorrentOptions options) {
    var selection = new FileSelection(selected);
    if (!TorrentSource.isMagnet(source)) {
      return request(TorrentSource.torrent(source), selection, options);
    }
    var link = TorrentSource.magnet(source);
    return new Transfers.LinkRequest(
        link, selection, selection.isAll() ? options : options.withSelector(selection::priorities));
  }

  private TorrentOptions options() {
    var options = transfer.torrentOptions().withPeers(transfer.endpoints(peers));
    options = isSequential ? options.inOrder() : options;
    return isOverwriting ? options.overwriting() : options;
  }

  private static Transfers.Request request(
      Metainfo torrent, FileSelection selection, TorrentOptions options) {
    var priorities = selection.priorities(torrent.info());
    if (!FileSelection.isAnyWanted(priorities)) {
      throw new BadInputException(torrent.name() + ": no file matches " + selection);
    }
    return new Transfers.FileRequest(torrent, selection, options.withPriorities(priorities));
  }
}
