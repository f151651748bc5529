package org.spate.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.spate.core.swarm.PieceSet;
import org.spate.core.swarm.SwarmEvent;

/**
 * The truth about a run, kept apart from what any machine believes: copies of each piece,
 * completions, bans; and every claim of a machine that the truth contradicts.
 */
final class Ledger {
  private static final int VIOLATIONS_MAX = 100;
  private static final long NOT_YET = -1;

  private final World world;
  private final SimNode[] nodes; // filled while the run is set up
  private final PieceSet spread; // pieces that some leecher has had
  private final int[] copies; // online and honest, by piece
  private final long[] completedNanos; // by node
  private final List<String> violations = new ArrayList<>();
  private int copiesMin;
  private long firstCopyNanos = NOT_YET;
  private int piecesAtMin;
  private long copiesTotal;
  private int completed;
  private long piecesVerified;
  private int piecesFailed;
  private final int[] failedAt; // by node
  private int piecesFailedMax;
  private int bans;

  Ledger(World world, SimNode[] nodes, int pieceCount) {
    this.world = world;
    this.nodes = nodes;
    this.spread = new PieceSet(pieceCount);
    this.copies = new int[pieceCount];
    this.piecesAtMin = pieceCount;
    this.completedNanos = new long[nodes.length];
    this.failedAt = new int[nodes.length];
    Arrays.fill(completedNanos, NOT_YET);
  }

  // What happens.

  void onJoin(SimNode node) {
    if (countsAsCopy(node)) {
      var pieces = node.storage().verified();
      for (int i = pieces.next(0); i >= 0; i = pieces.next(i + 1)) {
        addCopy(i);
      }
    }
  }

  void onGone(SimNode node) {
    if (countsAsCopy(node)) {
      var pieces = node.storage().verified();
      for (int i = pieces.next(0); i >= 0; i = pieces.next(i + 1)) {
        copies[i]--;
        copiesTotal--;
      }
      recount();
    }
  }

  void onPiece(SimNode node, int index, boolean good) {
    if (!good) {
      piecesFailed++;
      piecesFailedMax = Math.max(piecesFailedMax, ++failedAt[node.id()]);
      return;
    }
    piecesVerified++;
    if (spread.add(index) && spread.isFull()) {
      firstCopyNanos = world.nowNanos();
    }
    if (countsAsCopy(node)) {
      addCopy(index);
    }
    if (node.storage().verified().isFull()) {
      completedNanos[node.id()] = world.nowNanos();
      completed++;
    }
  }

  void onEvent(SimNode node, SwarmEvent event) {
    switch (event) {
      case SwarmEvent.PeerBanned(var remote, int pieceIndex) ->
          onBan(node, nodes[SimNode.idOf(remote)], pieceIndex);
      case SwarmEvent.PieceCompleted(int index, int piecesLeft) -> {
        var truth = node.storage().verified();
        if (!truth.contains(index) || truth.size() + piecesLeft != truth.pieceCount()) {
          violated("node " + node.id() + " claims piece " + index + ", " + piecesLeft + " left");
        }
      }
      case SwarmEvent.Finished(boolean isSeed) -> {
        if (isSeed && !node.storage().verified().isFull()) {
          violated("node " + node.id() + " claims to have finished");
        }
      }
      case SwarmEvent.StorageProblem(String problem) ->
          violated("node " + node.id() + " has a storage problem: " + problem);
      case SwarmEvent.WebSeedOpened _,
          SwarmEvent.WebSeedFailed _,
          SwarmEvent.WebSeedGone _,
          SwarmEvent.WebSeedBanned _,
          SwarmEvent.PeerConnected _,
          SwarmEvent.PeerGone _,
          SwarmEvent.PieceFailed _,
          SwarmEvent.MetadataFound _,
          SwarmEvent.MetadataRefused _,
          SwarmEvent.MetadataPoisoned _ -> {}
    }
  }

  private void onBan(SimNode node, SimNode banned, int pieceIndex) {
    bans++;
    if (!banned.kind().behaviour().isHostile()) {
      violated(
          "node " + node.id() + " banned honest node " + banned.id() + " over piece " + pieceIndex);
    }
  }

  /** Records that an invariant is broken. */
  void violated(String what) {
    if (violations.size() < VIOLATIONS_MAX) {
      violations.add(String.format(Locale.ROOT, "%.3f s: %s", world.nowNanos() / 1e9, what));
    }
  }

  // What is asked.

  boolean isComplete(SimNode node) {
    return completedNanos[node.id()] != NOT_YET;
  }

  long completedNanos(SimNode node) {
    return completedNanos[node.id()];
  }

  int completed() {
    return completed;
  }

  /** Copies of the rarest piece. */
  int copiesMin() {
    return copiesMin;
  }

  /** When the last piece came to be with a leecher for the first time; -1 if not yet. */
  long firstCopyNanos() {
    return firstCopyNanos;
  }

  double copiesMean() {
    return (double) copiesTotal / copies.length;
  }

  long piecesVerified() {
    return piecesVerified;
  }

  int piecesFailed() {
    return piecesFailed;
  }

  /** Failed pieces of the node that had most. */
  int piecesFailedMax() {
    return piecesFailedMax;
  }

  int bans() {
    return bans;
  }

  List<String> violations() {
    return violations;
  }

  private static boolean countsAsCopy(SimNode node) {
    return !node.kind().behaviour().isHostile();
  }

  private void addCopy(int index) {
    copiesTotal++;
    if (copies[index]++ == copiesMin && --piecesAtMin == 0) {
      recount();
    }
  }

  private void recount() {
    copiesMin = Integer.MAX_VALUE;
    for (int count : copies) {
      if (count < copiesMin) {
        copiesMin = count;
        piecesAtMin = 0;
      }
      piecesAtMin += count == copiesMin ? 1 : 0;
    }
  }
}
