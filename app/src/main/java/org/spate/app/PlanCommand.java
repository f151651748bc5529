package org.spate.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.ByteSize;
import org.spate.app.lab.Plan;
import org.spate.app.lab.PlanReport;
import org.spate.app.lab.Rates;
import org.spate.app.lab.Receivers;
import org.spate.core.metainfo.TorrentPlan;
import org.spate.sim.Bounds;
import org.spate.sim.PeerGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how long a release takes to reach everybody, by the closed forms. */
@Command(
    name = "plan",
    description = {
      "Say how long a release takes to reach everybody: from a server alone and in a swarm.",
      "Rates are bytes (500k, 2MiB) or bits (8Mbit) a second, all in one of the two. Times are"
          + " least times: nobody can be faster. 'spate simulate' tells how close the protocol"
          + " comes."
    })
final class PlanCommand implements Callable<Integer> {
  private static final double PRICE_MAX = 1e6;

  @Mixin private Output output;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      required = true,
      description = "Size of the release, like 700MiB or 4G.")
  private ByteSize size = new ByteSize(0); // required, so never this one

  @Option(
      names = "--peers",
      paramLabel = "N|CLASSES",
      required = true,
      description =
          "Receivers: a number, or classes of count x up / down, like 5x16M/64M,10x6M/24M.")
  private String peers = "";

  @Option(
      names = "--seed-up",
      paramLabel = "RATE",
      required = true,
      description = "Upload of the server.")
  private String seedUp = "";

  @Option(names = "--peer-up", paramLabel = "RATE", description = "Upload of a peer.")
  private @Nullable String peerUp;

  @Option(names = "--peer-down", paramLabel = "RATE", description = "Download of a peer.")
  private @Nullable String peerDown;

  @Option(
      names = "--piece-size",
      paramLabel = "SIZE",
      description = "Size of a piece; chosen by the size of the release if not given.")
  private @Nullable ByteSize pieceSize;

  @Option(
      names = "--price",
      paramLabel = "USD/GB",
      description = "What the server's traffic costs, in dollars for 10^9 bytes.")
  private @Nullable Double price;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Draw both times for each number of receivers; the name ends in .svg, .png or .html.")
  private @Nullable Path plot;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean isJson;

  @Override
  public Integer call() throws IOException {
    var report = new PlanReport(plan());
    if (plot != null) {
      Files.write(plot, picture(report, plot));
    }
    if (isJson) {
      output.json().write(report::write);
    } else {
      report.write(output.out());
    }
    return Spate.DONE;
  }

  private Plan plan() {
    try {
      var rates = new Rates();
      long upload = rates.positive("--seed-up", seedUp);
      var groups = groups(rates);
      var bounds = new Bounds(positive("--size", size.bytes()), pieceLength(), upload, groups);
      return new Plan(bounds, price());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private List<PeerGroup> groups(Rates rates) {
    return switch (Receivers.parse("--peers", peers, rates)) {
      case Receivers.Classes(var groups) -> {
        if (peerUp != null || peerDown != null) {
          throw new IllegalArgumentException(
              "--peers names the rates of each class: leave --peer-up and --peer-down out");
        }
        yield groups;
      }
      case Receivers.Count(int count) -> {
        if (peerUp == null || peerDown == null) {
          throw new IllegalArgumentException(
              "a number of peers needs --peer-up and --peer-down as well");
        }
        yield List.of(
            new PeerGroup(
                count,
                rates.positive("--peer-up", peerUp),
                rates.positive("--peer-down", peerDown)));
      }
    };
  }

  private int pieceLength() {
    if (pieceSize == null) {
      return TorrentPlan.chosenPieceLength(size.bytes());
    }
    long bytes = positive("--piece-size", pieceSize.bytes());
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("--piece-size: must be below 2 GiB, not " + pieceSize);
    }
    return (int) bytes;
  }

  private double price() {
    if (price == null) {
      return 0;
    }
    if (!(price > 0 && price <= PRICE_MAX)) {
      throw new IllegalArgumentException(
          "--price: must be more than 0 and at most a million dollars, not " + price);
    }
    return price;
  }

  private static long positive(String name, long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException(name + ": must be more than 0");
    }
    return bytes;
  }

  private static byte[] picture(PlanReport report, Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".svg")) {
      return report.plan().figure().toSvg().getBytes(StandardCharsets.UTF_8);
    }
    if (name.endsWith(".png")) {
      return report.plan().figure().toPng();
    }
    if (name.endsWith(".html")) {
      return report.html().getBytes(StandardCharsets.UTF_8);
    }
    throw new BadInputException("--plot: write to a file that ends in .svg, .png or .html");
  }
}
