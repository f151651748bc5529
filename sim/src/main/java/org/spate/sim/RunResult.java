package org.spate.sim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came out of a run; nothing in it depends on the machine that it ran on.
 *
 * @param leechers nodes that came without the file and meant to have it
 * @param finished whether every leecher that stayed has the whole file
 * @param distributionSeconds from the first leecher's arrival to the last completion
 * @param completionSeconds each completed leecher's time since it joined, in order of completion
 * @param firstCopySeconds from the start of the run until every piece was with some leecher; -1 if
 *     that never came
 * @param seedCopies block bytes sent by the seeds over the size of the file
 * @param wastedBytes block bytes received by those who completed beyond one copy each
 * @param piecesFailed pieces that did not pass their hash, at all nodes
 * @param piecesFailedMax the same at the node that had most
 * @param violations broken invariants; empty in a sound run
 */
public record RunResult(
    String scenario,
    long seed,
    int leechers,
    boolean finished,
    double distributionSeconds,
    List<Double> completionSeconds,
    Bounds bounds,
    double firstCopySeconds,
    double seedCopies,
    long wastedBytes,
    int piecesFailed,
    int piecesFailedMax,
    int bans,
    long events,
    long logHash,
    List<ClassResult> classes,
    List<Sample> samples,
    List<String> violations) {

  public double meanSeconds() {
    return completionSeconds.stream().mapToDouble(s -> s).average().orElse(0);
  }

  /** Distribution time over D_P2P. */
  public double ratio() {
    return distributionSeconds / bounds.peerToPeerSeconds();
  }

  /** As the program prints them as JSON: names and plain values, in a fixed order. */
  public Map<String, Object> figures() {
    var figures = new LinkedHashMap<String, Object>();
    figures.put("scenario", scenario);
    figures.put("seed", seed);
    figures.put("peers", leechers);
    figures.put("finished", finished);
    figures.put("distribution_s", distributionSeconds);
    figures.put("mean_s", meanSeconds());
    figures.put("d_p2p_s", bounds.peerToPeerSeconds());
    figures.put("d_cs_s", bounds.clientServerSeconds());
    figures.put("piece_aware_bound_s", bounds.pieceAwareBound());
    figures.put("ratio", ratio());
    figures.put("first_copy_s", firstCopySeconds);
    figures.put("seed_copies", seedCopies);
    figures.put("wasted_bytes", wastedBytes);
    figures.put("pieces_failed", piecesFailed);
    figures.put("pieces_failed_max", piecesFailedMax);
    figures.put("bans", bans);
    figures.put("events", events);
    figures.put("log_hash", String.format(java.util.Locale.ROOT, "%016x", logHash));
    figures.put("completion_s", completionSeconds);
    figures.put("violations", violations);
    return figures;
  }
}
