package org.spate.sim;

/** What must hold in any run, whatever the machines did. */
final class Invariants {
  private final Surroundings world;
  private final SimNode[] nodes;
  private int next;

  Invariants(Surroundings world, SimNode[] nodes) {
    this.world = world;
    this.nodes = nodes;
  }

  /** With each point of the curves: one node after the other is looked at. */
  void checkNext() {
    var node = nodes[next];
    next = (next + 1) % nodes.length;
    for (var broken : node.brokenBounds()) {
      world.ledger().violated("node " + node.id() + ": " + broken);
    }
  }

  /** At the end. */
  void check() {
    bytesAreConserved();
    nobodyCompletesOnLessThanTheFile();
    noUploadSendsFasterThanItsRate();
  }

  private void bytesAreConserved() {
    long sent = 0;
    long received = 0;
    for (var node : nodes) {
      sent += node.access().blockBytesSent;
      received += node.access().blockBytesReceived;
    }
    var traffic = world.network().traffic();
    boolean accounted = traffic.delivered() + traffic.discarded() <= traffic.handedOver();
    boolean passed = received <= sent && sent <= traffic.handedOver();
    if (received != traffic.delivered() || !passed || !accounted) {
      world.ledger().violated("block bytes sent, received and handed over do not match");
    }
  }

  private void nobodyCompletesOnLessThanTheFile() {
    long fileBytes = world.torrent().geometry().totalLength();
    for (var node : nodes) {
      boolean complete = node.storage().verified().isFull() && !node.kind().startsComplete();
      if (complete && node.access().blockBytesReceived < fileBytes) {
        world.ledger().violated("node " + node.id() + " completed on less than the file");
      }
    }
  }

  private void noUploadSendsFasterThanItsRate() {
    double seconds = world.time().nowNanos() / 1e9;
    for (var node : nodes) {
      // The turn that is under way is counted as a whole.
      double most = node.kind().upload() * seconds + 2.0 * world.network().model().quantumBytes();
      if (node.access().wireBytesSent > most) {
        world.ledger().violated("node " + node.id() + " sent faster than its rate");
      }
    }
  }
}
