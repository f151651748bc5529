package org.spate.core.swarm;

import java.util.ArrayDeque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Machine;
import org.spate.core.PeerId;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.metainfo.PieceGeometry;

/**
 * The brain of one torrent: owner of its neighbours and pieces, and a router only. Each input goes
 * to the collaborator that owns the slice of state concerned; what they want done is collected as
 * outputs.
 */
public final class Swarm implements Machine<SwarmInput, SwarmOutput> {
  private final ArrayDeque<SwarmOutput> outputs = new ArrayDeque<>();

  /**
   * @param have the pieces that are there and verified; the swarm keeps its own copy
   * @param self our peer id, to know ourselves by
   * @param random the only source of chance
   */
  public Swarm(
      InfoHash infoHash,
      PieceGeometry geometry,
      PieceSet have,
      SwarmSettings settings,
      PeerId self,
      RandomGenerator random) {}

  @Override
  public void accept(SwarmInput input, long nowNanos) {}

  @Override
  public void advance(long nowNanos) {}

  @Override
  public @Nullable SwarmOutput poll() {
    return outputs.poll();
  }

  @Override
  public long deadlineNanos() {
    return NEVER;
  }

  /** A snapshot; rates are as of {@code nowNanos}. */
  public SwarmStatus status(long nowNanos) {
    return new SwarmStatus(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, false, 0, null, List.of());
  }

  /** The verified pieces; a copy. */
  public PieceSet pieces() {
    return new PieceSet(0);
  }
}
