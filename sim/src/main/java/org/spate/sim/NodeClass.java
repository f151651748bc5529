package org.spate.sim;

import org.spate.core.swarm.SwarmSettings;

/**
 * Nodes that are alike.
 *
 * @param name how results and faults speak of them
 * @param seeds whether they have the whole file from the start
 * @param upload bytes a second
 * @param download bytes a second
 * @param latencyNanos from the node to the core of the network, one way
 * @param groups in a partition, nodes reach each other whose bits overlap
 */
public record NodeClass(
    String name,
    int count,
    boolean seeds,
    long upload,
    long download,
    long latencyNanos,
    Behaviour behaviour,
    Arrival arrival,
    Departure departure,
    int groups,
    SwarmSettings settings) {

  /** In every group. */
  public static final int ALL_GROUPS = -1;

  public NodeClass {
    Checks.positive(count, "number of nodes");
    Checks.positive(upload, "upload rate");
    Checks.positive(download, "download rate");
    Checks.notNegative(latencyNanos, "latency");
  }

  public static NodeClass seed(long upload, long download, long latencyNanos) {
    return new NodeClass(
        "seed",
        1,
        true,
        upload,
        download,
        latencyNanos,
        new Behaviour.Honest(),
        new Arrival.FlashCrowd(0),
        new Departure.Never(),
        ALL_GROUPS,
        SwarmSettings.DEFAULT);
  }

  /** Honest leechers that come as a flash crowd and stay. */
  public static NodeClass leechers(
      String name, int count, long upload, long download, long latencyNanos) {
    return new NodeClass(
        name,
        count,
        false,
        upload,
        download,
        latencyNanos,
        new Behaviour.Honest(),
        new Arrival.FlashCrowd(100_000_000L),
        new Departure.Never(),
        ALL_GROUPS,
        SwarmSettings.DEFAULT);
  }

  public NodeClass with(Behaviour other) {
    return new NodeClass(
        name,
        count,
        seeds,
        upload,
        download,
        latencyNanos,
        other,
        arrival,
        departure,
        groups,
        settings);
  }

  public NodeClass with(Arrival other) {
    return new NodeClass(
        name,
        count,
        seeds,
        upload,
        download,
        latencyNanos,
        behaviour,
        other,
        departure,
        groups,
        settings);
  }

  public NodeClass with(Departure other) {
    return new NodeClass(
        name,
        count,
        seeds,
        upload,
        download,
        latencyNanos,
        behaviour,
        arrival,
        other,
        groups,
        settings);
  }

  public NodeClass with(SwarmSettings other) {
    return new NodeClass(
        name,
        count,
        seeds,
        upload,
        download,
        latencyNanos,
        behaviour,
        arrival,
        departure,
        groups,
        other);
  }

  public NodeClass inGroups(int mask) {
    return new NodeClass(
        name,
        count,
        seeds,
        upload,
        download,
        latencyNanos,
        behaviour,
        arrival,
        departure,
        mask,
        settings);
  }

  /** Whether it claims the whole file from the start. */
  boolean startsComplete() {
    return seeds || behaviour.isHostile();
  }
}
