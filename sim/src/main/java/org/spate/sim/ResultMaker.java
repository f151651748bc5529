package org.spate.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Sums a run up. */
final class ResultMaker {
  private final Scenario scenario;
  private final long seed;
  private final World world;
  private final Ledger ledger;
  private final SimNode[] nodes;
  private final long[] joinedNanos;

  ResultMaker(
      Scenario scenario,
      long seed,
      World world,
      Ledger ledger,
      SimNode[] nodes,
      long[] joinedNanos) {
    this.scenario = scenario;
    this.seed = seed;
    this.world = world;
    this.ledger = ledger;
    this.nodes = nodes;
    this.joinedNanos = joinedNanos;
  }

  RunResult make(int leechers, boolean finished, List<Sample> samples) {
    var completed = completed();
    var seconds = new ArrayList<Double>();
    for (var node : completed) {
      seconds.add(secondsToComplete(node));
    }
    return new RunResult(
        scenario.name(),
        seed,
        leechers,
        finished,
        distributionSeconds(completed),
        List.copyOf(seconds),
        bounds(scenario),
        ledger.firstCopyNanos() < 0 ? -1 : ledger.firstCopyNanos() / 1e9,
        seedCopies(),
        wastedBytes(completed),
        ledger.piecesFailed(),
        ledger.piecesFailedMax(),
        ledger.bans(),
        world.events(),
        world.hash(),
        classes(),
        samples,
        List.copyOf(ledger.violations()));
  }

  /** The bounds of a scenario: its seeds as one, those who take and give, those who only take. */
  static Bounds bounds(Scenario scenario) {
    long seedUpload = 0;
    var peers = new ArrayList<PeerGroup>();
    for (var kind : scenario.nodes()) {
      if (kind.seeds() && !kind.behaviour().isHostile()) {
        seedUpload += kind.count() * kind.upload();
      } else if (!kind.startsComplete()) {
        long gives = kind.behaviour().isHonest() ? kind.upload() : 0;
        peers.add(new PeerGroup(kind.count(), gives, kind.download()));
      }
    }
    return new Bounds(scenario.fileBytes(), scenario.pieceLength(), seedUpload, peers);
  }

  private List<SimNode> completed() {
    var completed = new ArrayList<SimNode>();
    for (var node : nodes) {
      if (ledger.isComplete(node)) {
        completed.add(node);
      }
    }
    completed.sort(Comparator.comparingLong(ledger::completedNanos));
    return completed;
  }

  private double secondsToComplete(SimNode node) {
    return (ledger.completedNanos(node) - joinedNanos[node.id()]) / 1e9;
  }

  private double distributionSeconds(List<SimNode> completed) {
    if (completed.isEmpty()) {
      return 0;
    }
    long first = World.NEVER;
    for (var node : nodes) {
      if (!node.kind().startsComplete()) {
        first = Math.min(first, joinedNanos[node.id()]);
      }
    }
    return (ledger.completedNanos(completed.getLast()) - first) / 1e9;
  }

  private double seedCopies() {
    long sent = 0;
    for (var node : nodes) {
      sent += node.kind().seeds() ? node.access().blockBytesSent : 0;
    }
    return (double) sent / scenario.fileBytes();
  }

  private long wastedBytes(List<SimNode> completed) {
    long received = 0;
    for (var node : completed) {
      received += node.access().blockBytesReceived;
    }
    return received - completed.size() * scenario.fileBytes();
  }

  private List<ClassResult> classes() {
    var results = new ArrayList<ClassResult>();
    int from = 0; // nodes stand in the order of their classes
    for (var kind : scenario.nodes()) {
      results.add(classResult(kind, Arrays.asList(nodes).subList(from, from + kind.count())));
      from += kind.count();
    }
    return results;
  }

  private ClassResult classResult(NodeClass kind, List<SimNode> members) {
    int done = 0;
    double sum = 0;
    double longest = 0;
    long sent = 0;
    long received = 0;
    for (var node : members) {
      sent += node.access().blockBytesSent;
      received += node.access().blockBytesReceived;
      if (ledger.isComplete(node)) {
        done++;
        sum += secondsToComplete(node);
        longest = Math.max(longest, secondsToComplete(node));
      }
    }
    double mean = done == 0 ? 0 : sum / done;
    return new ClassResult(kind.name(), kind.count(), done, mean, longest, sent, received);
  }
}
