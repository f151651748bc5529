package org.spate.core.swarm;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spate.core.Endpoint;

/**
 * How much each address has been given, so that none takes copy after copy (threat 30). It counts
 * by address, since a new link and a new port cost nothing. When there are too many, the one that
 * was given something longest ago is forgotten.
 */
final class UploadQuota {
  /** Most addresses remembered. */
  static final int ADDRESSES_MAX = 10_000;

  private final Map<Endpoint, Long> given = new LinkedHashMap<>(16, 0.75f, true);
  private long bytesMax;

  /** Most bytes for an address, 0 for no limit. */
  void limit(long bytes) {
    bytesMax = bytes;
    if (bytes == 0) {
      given.clear();
    }
  }

  void onSent(Endpoint remote, int bytes) {
    if (bytesMax == 0) {
      return;
    }
    given.merge(remote.withPort(0), (long) bytes, Long::sum);
    if (given.size() > ADDRESSES_MAX) {
      given.remove(given.keySet().iterator().next());
    }
  }

  boolean isSpent(Endpoint remote) {
    return bytesMax > 0 && given.getOrDefault(remote.withPort(0), 0L) >= bytesMax;
  }
}
