package org.spate.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.wire.Handshake;
import org.spate.core.wire.Payload;
import org.spate.core.wire.PeerMessage;

/**
 * The links between hosts: carries messages through the sender's upload, both latencies and the
 * receiver's download, with at most two events for a batch where the download has room and three
 * where it is the bottleneck.
 */
final class Network {
  private final World world;
  private final NetworkModel model;
  private final List<AccessLink> nodes = new ArrayList<>();
  private @Nullable Flow[] flows = new Flow[64];
  private int flowEnd;
  private final ArrayList<Integer> freePairs = new ArrayList<>();
  private long partitionedUntilNanos;
  private final Traffic traffic = new Traffic();
  private final LongArrays rings = new LongArrays();
  private final MessageCodes codes;

  /**
   * @param wholeBlock what nearly all blocks carry
   */
  Network(World world, NetworkModel model, Payload wholeBlock) {
    this.world = world;
    this.model = model;
    this.codes = new MessageCodes(wholeBlock);
  }

  AccessLink attach(Host host, long upload, long download, long latencyNanos) {
    var node = new AccessLink(nodes.size(), host, upload, download, latencyNanos);
    nodes.add(node);
    return node;
  }

  AccessLink node(int id) {
    return nodes.get(id);
  }

  NetworkModel model() {
    return model;
  }

  Traffic traffic() {
    return traffic;
  }

  /** From now on only nodes that share a group reach each other. */
  void partition(long untilNanos) {
    partitionedUntilNanos = untilNanos;
  }

  // What hosts do.

  /** Connects and shakes hands: one round trip for TCP, one for the handshakes. */
  void dial(AccessLink from, AccessLink to) {
    var flow = newPair(from, to);
    flow.from.owe(handshakeBytes(), world.nowNanos());
    if (isReachable(from, to)) {
      schedule(EventKind.DIALLED, flow.reverse(), 3 * latency(flow));
    } else {
      long wait = to.online || !canPass(from, to) ? model.dialTimeoutNanos() : 2 * latency(flow);
      schedule(EventKind.DIAL_FAILED, flow, wait);
    }
  }

  /** Hands a message over; it goes out when the host has settled. */
  void send(Flow flow, PeerMessage message) {
    traffic.handOver(message);
    flow.add(message);
    acceptAndEnqueue(flow);
  }

  /** Closes the host's end; what is under way still arrives. */
  void close(Flow flow) {
    if (!flow.isOpen()) {
      return;
    }
    flow.open(false);
    for (var m = flow.discardUnserved(); m != null; m = flow.discardUnserved()) {
      traffic.discard(m);
    }
    long arrival = Math.max(world.nowNanos() + latency(flow), flow.lastArrivalNanos);
    schedule(EventKind.STREAM_ENDED, flow.reverse(), arrival - world.nowNanos());
  }

  /** Starts the upload if flows wait for it. */
  private void flush(AccessLink node) {
    if (node.upScheduled || !node.hasBacklog()) {
      return;
    }
    long start = Math.max(node.upFreeNanos, node.frozenUntilNanos);
    if (start <= world.nowNanos()) {
      serve(node);
    } else {
      scheduleUplink(node, start);
    }
  }

  // What happens.

  void onUplinkFree(AccessLink node) {
    node.upScheduled = false;
    flush(node);
    settle(node);
  }

  void onFlowEvent(EventKind kind, int flowId, int batch) {
    var flow = flow(flowId);
    flow.pendingEvents--;
    if (!isHeldBack(kind, flow, batch)) {
      switch (kind) {
        case ARRIVED -> onArrived(flow, batch);
        case DELIVERED -> onDelivered(flow, batch);
        case DIALLED -> onDialled(flow);
        case ANSWERED -> onAnswered(flow);
        case DIAL_FAILED -> {
          flow.from.host.dialFailed(flow.to);
          settle(flow.from);
        }
        case STREAM_ENDED -> onStreamEnded(flow);
        default -> throw new IllegalArgumentException("not about a flow: " + kind);
      }
    }
    recycle(flow);
  }

  /** A frozen node and a partition hold back what would arrive; it arrives when they end. */
  private boolean isHeldBack(EventKind kind, Flow flow, int batch) {
    boolean inward = kind == EventKind.ARRIVED || kind == EventKind.DELIVERED;
    var at = inward ? flow.to : flow.from;
    long until = at.frozenUntilNanos;
    if (!canPass(flow.from, flow.to)) {
      until = Math.max(until, partitionedUntilNanos);
    }
    if (until <= world.nowNanos() || kind == EventKind.DIAL_FAILED) {
      return false;
    }
    if (until == World.NEVER) {
      flow.pendingEvents++; // for ever: the flow keeps its place
    } else {
      schedule(kind, flow, batch, until - world.nowNanos());
    }
    return true;
  }

  private void onArrived(Flow flow, int batch) {
    int wireBytes = model.wireBytes(Flow.batchBytes(batch));
    long now = world.nowNanos();
    long began = now - Math.round(wireBytes * flow.upNanosPerByte);
    long passed = flow.to.passDownload(wireBytes, began, now);
    if (passed > now) {
      schedule(EventKind.DELIVERED, flow, batch, passed - now);
    } else {
      onDelivered(flow, batch);
    }
  }

  private void onDelivered(Flow flow, int batch) {
    flow.deliver(batch);
    flow.to.owe(model.acknowledgementBytes(Flow.batchBytes(batch)), world.nowNanos());
    for (int i = Flow.batchMessages(batch); i > 0; i--) {
      var message = flow.take();
      if (flow.isReceiverOpen()) {
        traffic.deliver(message, flow);
        flow.to.host.received(flow.receiverNumber(), message);
      } else {
        traffic.discard(message);
      }
    }
    settle(flow.to);
    if (!flow.inRound && flow.canBeServed(model.windowBytes())) {
      flow.from.enqueue(flow); // its window had been full
      settle(flow.from);
    }
  }

  private void onDialled(Flow own) {
    var dialler = own.reverse();
    if (!own.from.online) {
      schedule(EventKind.DIAL_FAILED, dialler, latency(own));
      return;
    }
    own.from.owe(handshakeBytes(), world.nowNanos());
    own.open(true);
    schedule(EventKind.ANSWERED, dialler, latency(own));
    own.from.host.linkOpened(own, true);
    settle(own.from);
  }

  private void onAnswered(Flow own) {
    if (own.from.online) {
      own.open(true);
      own.from.host.linkOpened(own, false);
      settle(own.from);
    } else {
      schedule(EventKind.STREAM_ENDED, own.reverse(), latency(own));
    }
  }

  private void onStreamEnded(Flow own) {
    if (!own.isOpen()) {
      return;
    }
    own.open(false);
    for (var m = own.discardUnserved(); m != null; m = own.discardUnserved()) {
      traffic.discard(m);
    }
    own.from.host.linkClosed(own);
    settle(own.from);
  }

  /** One turn of the upload: a quantum's worth of batches, each from the next flow in the round. */
  private void serve(AccessLink node) {
    long at = world.nowNanos() + node.uploadNanos(node.owedBytes);
    node.owedBytes = 0;
    int budget = model.quantumBytes();
    while (budget > 0) {
      var flow = node.nextInRound();
      if (flow == null) {
        break;
      }
      if (!flow.canBeServed(model.windowBytes())) {
        continue; // closed, or its window has filled
      }
      int batch = flow.serve(node.hasBacklog() ? model.quantumBytes() : model.loneQuantumBytes());
      int wireBytes = model.wireBytes(Flow.batchBytes(batch));
      budget -= wireBytes;
      at += node.uploadNanos(wireBytes);
      flow.lastArrivalNanos = at + latency(flow);
      schedule(EventKind.ARRIVED, flow, batch, flow.lastArrivalNanos - world.nowNanos());
      acceptAndEnqueue(flow);
    }
    node.upFreeNanos = at;
    if (node.hasBacklog()) {
      scheduleUplink(node, at);
    }
  }

  private void acceptAndEnqueue(Flow flow) {
    int blockBytes = flow.acceptInto(model.unsentMax());
    if (blockBytes > 0) {
      flow.from.host.payloadSent(flow, blockBytes);
    }
    if (flow.canBeServed(model.windowBytes())) {
      flow.from.enqueue(flow);
    }
  }

  /** Lets a host act, and its upload; what the kernel takes may give the host more to do. */
  void settle(AccessLink node) {
    do {
      node.host.settle();
      flush(node);
    } while (node.host.hasWork());
  }

  private boolean isReachable(AccessLink from, AccessLink to) {
    return to.online && to.frozenUntilNanos <= world.nowNanos() && canPass(from, to);
  }

  private boolean canPass(AccessLink from, AccessLink to) {
    return partitionedUntilNanos <= world.nowNanos() || (from.groups & to.groups) != 0;
  }

  private static long latency(Flow flow) {
    return flow.from.latencyNanos + flow.to.latencyNanos;
  }

  /** What either side sends to open a link: SYN, an acknowledgement, and the handshake. */
  private int handshakeBytes() {
    return 3 * model.headerBytes() + Handshake.LENGTH;
  }

  private void scheduleUplink(AccessLink node, long atNanos) {
    if (atNanos != World.NEVER) {
      node.upScheduled = true;
      world.schedule(EventKind.UPLINK_FREE, node.id, atNanos);
    }
  }

  private void schedule(EventKind kind, Flow flow, long delayNanos) {
    schedule(kind, flow, 0, delayNanos);
  }

  private void schedule(EventKind kind, Flow flow, int batch, long delayNanos) {
    flow.pendingEvents++;
    world.schedule(kind, flow.id, batch, world.nowNanos() + delayNanos);
  }

  // Places of flows: a pair at an even number and the next; reused once nothing names them.

  private Flow newPair(AccessLink from, AccessLink to) {
    int id;
    if (freePairs.isEmpty()) {
      id = flowEnd;
      flowEnd += 2;
      if (flowEnd > flows.length) {
        flows = Arrays.copyOf(flows, flows.length * 2);
      }
    } else {
      id = freePairs.removeLast();
    }
    var there = new Flow(id, from, to, rings, codes);
    var back = new Flow(id + 1, to, from, rings, codes);
    there.pair(back);
    flows[id] = there;
    flows[id + 1] = back;
    return there;
  }

  private Flow flow(int id) {
    var flow = flows[id];
    if (flow == null) {
      throw new IllegalStateException("an event names a link that is gone");
    }
    return flow;
  }

  private void recycle(Flow flow) {
    if (flow.isOpen() || flow.isReceiverOpen()) {
      return;
    }
    if (flow.pendingEvents == 0 && flow.reverse().pendingEvents == 0) {
      int id = flow.id & ~1;
      flows[id] = null;
      flows[id + 1] = null;
      freePairs.add(id);
    }
  }
}
