package org.spate.sim;

import java.util.List;
import org.spate.core.metainfo.PieceGeometry;

/**
 * What is simulated: a file, the nodes and how they come, behave and go, and what goes wrong.
 * Together with a seed it determines a run.
 *
 * @param fileBytes the size of the file
 * @param pieceLength bytes in a piece
 * @param endNanos when a run is given up that has not finished
 */
public record Scenario(
    String name,
    long fileBytes,
    int pieceLength,
    List<NodeClass> nodes,
    NetworkModel network,
    HostModel host,
    TrackerModel tracker,
    List<Fault> faults,
    long endNanos) {

  /** More nodes than this a run refuses. */
  public static final int NODES_MAX = 1_000_000;

  private static final long WEEK_NANOS = 7 * 86_400_000_000_000L;

  public Scenario {
    Checks.positive(fileBytes, "file size");
    Checks.positive(pieceLength, "piece size");
    Checks.positive(endNanos, "end");
    nodes = List.copyOf(nodes);
    faults = List.copyOf(faults);
    if (nodes.stream().noneMatch(NodeClass::seeds)) {
      throw new IllegalArgumentException("a scenario needs a seed");
    }
    if (nodes.stream().mapToLong(NodeClass::count).sum() > NODES_MAX) {
      throw new IllegalArgumentException("more than " + NODES_MAX + " nodes");
    }
  }

  public static Scenario of(String name, long fileBytes, int pieceLength, List<NodeClass> nodes) {
    return new Scenario(
        name,
        fileBytes,
        pieceLength,
        nodes,
        NetworkModel.DEFAULT,
        HostModel.DEFAULT,
        TrackerModel.DEFAULT,
        List.of(),
        WEEK_NANOS);
  }

  public Scenario with(NetworkModel other) {
    return new Scenario(
        name, fileBytes, pieceLength, nodes, other, host, tracker, faults, endNanos);
  }

  public Scenario with(HostModel other) {
    return new Scenario(
        name, fileBytes, pieceLength, nodes, network, other, tracker, faults, endNanos);
  }

  public Scenario withFaults(Fault... others) {
    return new Scenario(
        name, fileBytes, pieceLength, nodes, network, host, tracker, List.of(others), endNanos);
  }

  public Scenario withNodes(List<NodeClass> others) {
    return new Scenario(
        name, fileBytes, pieceLength, others, network, host, tracker, faults, endNanos);
  }

  public Scenario withEnd(long nanos) {
    return new Scenario(name, fileBytes, pieceLength, nodes, network, host, tracker, faults, nanos);
  }

  PieceGeometry geometry() {
    return PieceGeometry.plain(fileBytes, pieceLength);
  }
}
