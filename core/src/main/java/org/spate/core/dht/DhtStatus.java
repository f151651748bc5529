package org.spate.core.dht;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** A snapshot of the DHT for people to look at. */
public record DhtStatus(List<NodeStatus> nodes) {

  /**
   * One node of ours.
   *
   * @param contacts nodes in its table
   * @param isReady whether it can look for anything
   * @param isReadOnly whether it answers nobody (BEP 43)
   * @param externalAddress as others see it, port 0; null if not known yet
   * @param infoHashes swarms that others announced to it
   * @param peers peers of these swarms
   * @param items items that others put on it
   */
  public record NodeStatus(
      boolean v6,
      Hash160 id,
      int contacts,
      boolean isReady,
      boolean isReadOnly,
      @Nullable Endpoint externalAddress,
      int infoHashes,
      int peers,
      int items) {}

  /** Nodes known in all tables together. */
  public int contacts() {
    return nodes.stream().mapToInt(NodeStatus::contacts).sum();
  }
}
