package org.spate.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.spate.core.swarm.SwarmInput;

/**
 * One run of a scenario: sets its world up, hands each event to whom it concerns, and ends when
 * every leecher that stays has the file, or time is up.
 */
final class Run implements Surroundings {
  private static final int EVENTS_BETWEEN_REPORTS = 1 << 18;

  private final Scenario scenario;
  private final long seed;
  private final Brain brain;
  private final Torrent torrent;
  private final World world = new World();
  private final ArrayDeque<SwarmInput> inputs = new ArrayDeque<>();
  private final BlockBytes bytes = new BlockBytes();
  private final SplittableRandom random;
  private final Network network;
  private final SimTracker tracker;
  private final SimNode[] nodes;
  private final Ledger ledger;
  private final Invariants invariants;
  private final Curves curves = new Curves();
  private final long[] joinedNanos;
  private int waitingFor; // leechers that are still to complete
  private int leechers;
  private int copiesSeen;

  Run(Scenario scenario, long seed, Brain brain) {
    this.scenario = scenario;
    this.seed = seed;
    this.brain = brain;
    this.torrent = Torrent.of(scenario);
    this.random = new SplittableRandom(seed);
    this.network = new Network(world, scenario.network(), bytes.wholeBlock());
    this.nodes = new SimNode[scenario.nodes().stream().mapToInt(NodeClass::count).sum()];
    this.joinedNanos = new long[nodes.length];
    this.tracker = new SimTracker(scenario.tracker(), nodes.length, random.split());
    this.ledger = new Ledger(world, nodes, torrent.geometry().pieceCount());
    this.invariants = new Invariants(this, nodes);
    populate();
    for (int i = 0; i < scenario.faults().size(); i++) {
      world.schedule(EventKind.FAULT, i, scenario.faults().get(i).atNanos());
    }
    world.schedule(EventKind.SAMPLE, 0, 0);
  }

  private void populate() {
    int id = 0;
    for (var kind : scenario.nodes()) {
      var times = kind.arrival().times(kind.count(), random.split());
      for (long time : times) {
        nodes[id] = new SimNode(id, kind, this, random.split());
        joinedNanos[id] = time;
        leechers += kind.startsComplete() ? 0 : 1;
        world.schedule(EventKind.JOIN, id++, time);
      }
    }
    waitingFor = leechers;
  }

  RunResult toEnd(ProgressListener listener) {
    long reportAt = EVENTS_BETWEEN_REPORTS;
    while (waitingFor > 0) {
      long what = world.next();
      if (what < 0 || world.nowNanos() > scenario.endNanos()) {
        break;
      }
      dispatch(EventKind.of(what), EventKind.index(what), EventKind.detail(what));
      assert inputs.isEmpty() : "a node was told something and did not act";
      if (world.events() >= reportAt) {
        reportAt += EVENTS_BETWEEN_REPORTS;
        listener.onProgress(progress());
      }
    }
    listener.onProgress(progress());
    curves.take(world, nodes, ledger);
    invariants.check();
    return new ResultMaker(scenario, seed, world, ledger, nodes, joinedNanos)
        .make(leechers, waitingFor == 0, curves.samples());
  }

  private Progress progress() {
    long wanted = (long) leechers * torrent.geometry().pieceCount();
    double share = wanted == 0 ? 1 : (double) ledger.piecesVerified() / wanted;
    return new Progress(world.nowNanos(), world.events(), ledger.completed(), leechers, share);
  }

  private void dispatch(EventKind kind, int index, int detail) {
    switch (kind) {
      case UPLINK_FREE -> network.onUplinkFree(network.node(index));
      case ARRIVED, DELIVERED, DIALLED, ANSWERED, DIAL_FAILED, STREAM_ENDED ->
          network.onFlowEvent(kind, index, detail);
      case DEADLINE -> nodes[index].onDeadline();
      case BLOCK_READ, PIECE_HASHED, TRACKER_REPLIED, ANNOUNCE_DUE ->
          onNodeEvent(kind, nodes[index]);
      case JOIN -> onJoin(nodes[index]);
      case LEAVE -> onLeave(nodes[index]);
      case FAULT -> onFault(scenario.faults().get(index));
      case SAMPLE -> {
        invariants.checkNext();
        world.schedule(kind, 0, curves.take(world, nodes, ledger));
      }
    }
  }

  private void onNodeEvent(EventKind kind, SimNode node) {
    long frozenUntil = node.access().frozenUntilNanos;
    if (frozenUntil > world.nowNanos()) {
      if (frozenUntil != World.NEVER) {
        world.schedule(kind, node.id(), frozenUntil);
      }
      return;
    }
    switch (kind) {
      case BLOCK_READ -> node.onBlockRead();
      case PIECE_HASHED -> onPieceHashed(node);
      case TRACKER_REPLIED -> node.onTrackerReplied();
      case ANNOUNCE_DUE -> node.onAnnounceDue();
      default -> throw new IllegalArgumentException("not about a node: " + kind);
    }
  }

  private void onPieceHashed(SimNode node) {
    boolean before = ledger.isComplete(node);
    node.onPieceHashed();
    if (!before && ledger.isComplete(node)) {
      waitingFor--;
      if (node.kind().departure() instanceof Departure.OnCompletion(long linger)) {
        world.schedule(EventKind.LEAVE, node.id(), world.nowNanos() + linger);
      }
    }
    if (ledger.copiesMin() > copiesSeen) {
      copiesSeen = ledger.copiesMin();
      onCopiesSpread();
    }
  }

  /** Seeds that wait for it leave when others, without them, hold enough copies of each piece. */
  private void onCopiesSpread() {
    for (var node : nodes) {
      if (node.isOnline()
          && node.kind().departure() instanceof Departure.AfterCopies(int copiesWanted)
          && ledger.copiesMin() - 1 >= copiesWanted) {
        onLeave(node);
      }
    }
  }

  private void onJoin(SimNode node) {
    ledger.onJoin(node);
    node.join();
    if (node.kind().departure() instanceof Departure.AfterTime(long stay)) {
      world.schedule(EventKind.LEAVE, node.id(), world.nowNanos() + stay);
    }
  }

  private void onLeave(SimNode node) {
    if (node.isOnline()) {
      ledger.onGone(node);
      node.leave();
      giveUpOn(node);
    }
  }

  private void giveUpOn(SimNode node) {
    if (!node.kind().startsComplete() && !ledger.isComplete(node)) {
      waitingFor--;
    }
  }

  private void onFault(Fault fault) {
    switch (fault) {
      case Fault.Crash crash -> {
        for (var node : victims(crash.nodeClass(), crash.count())) {
          ledger.onGone(node);
          node.crash();
          giveUpOn(node);
        }
      }
      case Fault.Stall stall -> {
        for (var node : victims(stall.nodeClass(), stall.count())) {
          freeze(node, until(stall.durationNanos()));
        }
      }
      case Fault.Partition partition -> network.partition(until(partition.durationNanos()));
      case Fault.TrackerDown down -> tracker.failUntil(until(down.durationNanos()));
    }
  }

  private void freeze(SimNode node, long untilNanos) {
    node.access().frozenUntilNanos = untilNanos;
    if (untilNanos == World.NEVER) {
      ledger.onGone(node);
      giveUpOn(node);
    }
  }

  private long until(long durationNanos) {
    return durationNanos >= World.NEVER - world.nowNanos()
        ? World.NEVER
        : world.nowNanos() + durationNanos;
  }

  /** Random nodes of a class that are online and not frozen. */
  private List<SimNode> victims(String nodeClass, int count) {
    var victims = new ArrayList<SimNode>();
    for (var node : nodes) {
      if (node.kind().name().equals(nodeClass)
          && node.isOnline()
          && node.access().frozenUntilNanos <= world.nowNanos()) {
        victims.add(node);
      }
    }
    while (victims.size() > count) {
      int pick = random.nextInt(victims.size());
      victims.set(pick, victims.getLast());
      victims.removeLast();
    }
    return victims;
  }

  @Override
  public World time() {
    return world;
  }

  @Override
  public ArrayDeque<SwarmInput> inputs() {
    return inputs;
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public SimTracker tracker() {
    return tracker;
  }

  @Override
  public Ledger ledger() {
    return ledger;
  }

  @Override
  public BlockBytes bytes() {
    return bytes;
  }

  @Override
  public Torrent torrent() {
    return torrent;
  }

  @Override
  public Brain brain() {
    return brain;
  }

  @Override
  public HostModel hostModel() {
    return scenario.host();
  }

  @Override
  public int nodeCount() {
    return nodes.length;
  }
}
