package org.spate.core.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;

/**
 * What an extension handshake says (BEP 10, and the keys that BEP 9, 21 and others add).
 *
 * @param ids message ids by extension name ({@code m}); 0 means switched off
 * @param client name and version ({@code v}), control characters removed, or null
 * @param listenPort {@code p}, 1 to 65535, or 0 if not told
 * @param requestQueue {@code reqq}: requests the sender keeps for us, 0 if not told
 * @param uploadOnly BEP 21: the sender will not download
 * @param metadataSize BEP 9: bytes of the info dictionary, or 0
 * @param suggestsWhenIdle {@code suggests_when_idle}, an entry of ours: the sender suggests a piece
 *     (BEP 6) whenever its uplink idles, so that one that has not need not be tried
 * @param yourAddress {@code yourip}: how the sender sees us (port 0), or null
 */
public record Extensions(
    Map<String, Integer> ids,
    @Nullable String client,
    int listenPort,
    int requestQueue,
    boolean uploadOnly,
    int metadataSize,
    boolean suggestsWhenIdle,
    @Nullable Endpoint yourAddress) {

  /** This handshake and what earlier ones on the same link said that it does not (BEP 10). */
  public Extensions after(Extensions earlier) {
    var all = new LinkedHashMap<>(earlier.ids);
    all.putAll(ids);
    return new Extensions(
        all,
        client == null ? earlier.client : client,
        listenPort == 0 ? earlier.listenPort : listenPort,
        requestQueue == 0 ? earlier.requestQueue : requestQueue,
        uploadOnly,
        metadataSize == 0 ? earlier.metadataSize : metadataSize,
        suggestsWhenIdle || earlier.suggestsWhenIdle,
        yourAddress == null ? earlier.yourAddress : yourAddress);
  }

  /** The sender's id for an extension, or 0 if it does not have it. */
  public int id(String extension) {
    return ids.getOrDefault(extension, 0);
  }
}
