package org.spate.app.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.spate.app.chart.Axis;
import org.spate.app.chart.Figure;
import org.spate.app.chart.Series;
import org.spate.app.chart.Series.Point;
import org.spate.app.chart.Series.Style;
import org.spate.sim.Bounds;
import org.spate.sim.PeerGroup;

/**
 * What the closed forms say of a release: how long it takes from a server alone and in a swarm.
 *
 * @param pricePerGb dollars for each 10^9 bytes that the server sends; 0 if nobody asked
 */
public record Plan(Bounds bounds, double pricePerGb) {
  private static final double GB = 1e9;
  private static final int CURVE_POINTS = 200;

  /** The curves go on to ten times the receivers asked for, at least to so many. */
  private static final int CURVE_END_MIN = 1_000;

  static String termName(Bounds.Term term) {
    return switch (term) {
      case SEED_UPLOAD -> "seed_upload";
      case SLOWEST_DOWNLOAD -> "slowest_download";
      case TOTAL_UPLOAD -> "total_upload";
    };
  }

  static String termInWords(Bounds.Term term) {
    return switch (term) {
      case SEED_UPLOAD -> "the seed's upload: it has to send every byte once";
      case SLOWEST_DOWNLOAD -> "the slowest download: that peer has to receive every byte";
      case TOTAL_UPLOAD -> "all uploads together: they have to send every byte to everybody";
    };
  }

  /** How many times as long the server alone takes. */
  double speedUp() {
    return bounds.clientServerSeconds() / bounds.peerToPeerSeconds();
  }

  double serverBytes() {
    return (double) bounds.peerCount() * bounds.fileBytes();
  }

  double costAlone() {
    return serverBytes() / GB * pricePerGb;
  }

  double costInSwarm() {
    return bounds.fileBytes() / GB * pricePerGb;
  }

  OptionalLong crossover() {
    return bounds.crossover();
  }

  long pieces() {
    return Math.ceilDiv(bounds.fileBytes(), bounds.pieceLength());
  }

  /** Both times over the number of receivers, mixed as these are. */
  public Figure figure() {
    double end = Math.max(CURVE_END_MIN, 10.0 * bounds.peerCount());
    var alone = new ArrayList<Point>();
    var swarm = new ArrayList<Point>();
    for (int i = 0; i <= CURVE_POINTS; i++) {
      double receivers = Math.pow(end, (double) i / CURVE_POINTS);
      alone.add(new Point(receivers, bounds.clientServerSeconds(receivers)));
      swarm.add(new Point(receivers, bounds.peerToPeerSeconds(receivers)));
    }
    var here =
        List.of(
            new Point(bounds.peerCount(), bounds.peerToPeerSeconds()),
            new Point(bounds.peerCount(), bounds.clientServerSeconds()));
    return new Figure(
        "Time until everybody has " + Words.size(bounds.fileBytes()),
        Axis.logarithmic("receivers"),
        Axis.logarithmic("seconds"),
        List.of(
            new Series("server alone (D_CS)", Style.LINE, alone),
            new Series("swarm (D_P2P)", Style.LINE, swarm),
            new Series("this plan", Style.MARKED, here)));
  }

  /** What it is about, in one line. */
  public String summary() {
    String peers = bounds.peerCount() == 1 ? "1 peer" : bounds.peerCount() + " peers";
    return String.format(
        Locale.ROOT,
        "%s in %s of %s to %s, from a seed with %s up",
        Words.size(bounds.fileBytes()),
        pieces() == 1 ? "1 piece" : pieces() + " pieces",
        Words.size(Math.min(bounds.pieceLength(), bounds.fileBytes())),
        peers,
        Words.rate(bounds.seedUpload()));
  }

  List<PeerGroup> classes() {
    return bounds.peers();
  }
}
