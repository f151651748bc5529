package org.spate.app.demo;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.ByteSize;
import org.spate.app.console.Progress;
import org.spate.app.console.Rate;
import org.spate.app.console.TransferSnapshot;
import org.spate.core.metainfo.Metainfo;
import org.spate.sim.Bounds;

/**
 * The demonstration for people: a bar for each peer on stderr, the figures at the end on stdout.
 */
public final class TextDemoReport implements DemoReport {
  private final PrintWriter out;
  private final Progress progress;

  public TextDemoReport(PrintWriter out, Progress progress) {
    this.out = out;
    this.progress = progress;
  }

  @Override
  public void started(Metainfo torrent, DemoSettings settings) {
    progress.say(
        String.format(
            "%s, %s in %d pieces, from one seed to %s.",
            torrent.name(),
            ByteSize.show(torrent.files().dataLength()),
            torrent.geometry().pieceCount(),
            settings.peerCount() == 1 ? "one peer" : settings.peerCount() + " peers"));
    progress.say(
        "The seed sends "
            + limit(settings.seedUpRate())
            + ", each peer "
            + limit(settings.upRate())
            + ".");
  }

  private static String limit(long rate) {
    return rate == 0 ? "what it can" : "up to " + Rate.show(rate);
  }

  @Override
  public void progress(List<Sight> sights, long nowNanos) {
    progress.show(sights.stream().map(TextDemoReport::snapshot).toList(), nowNanos);
  }

  private static TransferSnapshot snapshot(Sight sight) {
    var swarm = sight.status().swarm();
    return new TransferSnapshot(
        sight.name(),
        phase(sight),
        swarm.doneBytes(),
        swarm.wantedBytes(),
        swarm.downRate(),
        swarm.upRate(),
        swarm.peers().size(),
        0);
  }

  private static String phase(Sight sight) {
    if (sight.isSeed()) {
      return "seeding";
    }
    return sight.completeSeconds() < 0
        ? "downloading"
        : "done in " + seconds(sight.completeSeconds());
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  @Override
  public void complete(String name, double seconds) {}

  @Override
  public void checking() {
    progress.close();
  }

  @Override
  public void result(DemoResult result) {
    out.println();
    out.printf("%-10s  %14s  %10s  %s%n", "", "complete after", "passed on", "copy");
    for (var copy : result.copies()) {
      out.printf(
          "%-10s  %14s  %10s  %s%n",
          copy.peer(),
          seconds(copy.seconds()),
          ByteSize.show(copy.sentBytes()),
          copy.isIntact() ? "verified" : "DAMAGED");
    }
    out.println();
    out.printf("%-42s %9s%n", "Distribution time", seconds(result.distributionSeconds()));
    bounds(result.bounds(), result.distributionSeconds());
    out.printf(
        Locale.ROOT,
        "The seed sent %s, %.2f times the file; a server alone: %d times.%n",
        ByteSize.show(result.seedSentBytes()),
        result.seedCopies(),
        result.copies().size());
    out.flush();
  }

  private void bounds(@Nullable Bounds bounds, double seconds) {
    if (bounds != null) {
      bound("Least possible in a swarm, D_P2P", bounds.peerToPeerSeconds(), seconds);
      bound("Least possible from a server alone, D_CS", bounds.clientServerSeconds(), seconds);
    }
  }

  private void bound(String name, double bound, double seconds) {
    out.printf(
        Locale.ROOT, "%-42s %9s  (%.2f times that)%n", name, seconds(bound), seconds / bound);
  }

  @Override
  public void interrupted() {
    progress.say("interrupted; the temporary files are gone");
  }
}
