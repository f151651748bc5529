package org.spate.core.metainfo;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;

/**
 * What names a torrent: the SHA-1 of its info dictionary (v1, BEP 3), the SHA-256 (v2, BEP 52), or
 * both for a hybrid. At least one is there.
 */
public record InfoHash(@Nullable Hash160 v1, @Nullable Hash256 v2) {

  public InfoHash {
    if (v1 == null && v2 == null) {
      throw new IllegalArgumentException("an info-hash is v1, v2 or both");
    }
  }

  public boolean isHybrid() {
    return v1 != null && v2 != null;
  }

  /** The 20 bytes that go first into handshakes and announces: v1 if there is one. */
  public Hash160 primary() {
    return v1 != null ? v1 : Objects.requireNonNull(v2).truncated();
  }

  /** Every 20-byte form under which a swarm of this torrent may be found: v1, then truncated v2. */
  public List<Hash160> swarms() {
    if (v1 == null || v2 == null) {
      return List.of(primary());
    }
    return List.of(v1, v2.truncated());
  }

  /** Forty digits, or sixty-four for a torrent that is v2 only. */
  @Override
  public String toString() {
    return v1 != null ? v1.toString() : Objects.requireNonNull(v2).toString();
  }
}
