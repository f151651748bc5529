package org.spate.core.tracker;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spate.core.Endpoint;
import org.spate.core.PeerId;

/**
 * Draws peers for one answer. A range of rows is cut into as many equal parts as peers are wanted,
 * one row is drawn from each, and the whole is turned by a random angle: every row is as likely as
 * any other, none comes twice, and nothing is shuffled or remembered.
 */
final class Choice {
  private final PeerId asker;
  private final boolean withPeerIds;
  private final int expiredBeforeSeconds;
  private final RandomGenerator random;
  final List<Endpoint> peers = new ArrayList<>();
  final List<PeerId> peerIds = new ArrayList<>();

  Choice(PeerId asker, boolean withPeerIds, int expiredBeforeSeconds, RandomGenerator random) {
    this.asker = asker;
    this.withPeerIds = withPeerIds;
    this.expiredBeforeSeconds = expiredBeforeSeconds;
    this.random = random;
  }

  /** Draws up to {@code wanted} of the rows below {@code end}. */
  void draw(PeerTable table, int end, int wanted) {
    if (end == 0 || wanted <= 0) {
      return;
    }
    int drawn = Math.min(wanted, end);
    int turn = random.nextInt(end);
    for (int i = 0; i < drawn; i++) {
      int start = (int) ((long) i * end / drawn);
      int next = (int) ((i + 1L) * end / drawn);
      int row = start + (next - start == 1 ? 0 : random.nextInt(next - start)) + turn;
      add(table, row < end ? row : row - end);
    }
  }

  /** The asker is known by its id too: it may be listed under an address of the other family. */
  private void add(PeerTable table, int row) {
    if (table.lastSeenSeconds(row) - expiredBeforeSeconds < 0 || table.hasPeerId(row, asker)) {
      return;
    }
    peers.add(table.endpoint(row));
    if (withPeerIds) {
      peerIds.add(table.peerId(row));
    }
  }
}
