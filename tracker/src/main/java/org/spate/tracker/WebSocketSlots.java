package org.spate.tracker;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.spate.core.Endpoint;

/** Counts the WebSockets of a tracker, and those of each address. */
final class WebSocketSlots {
  enum Admission {
    ADMITTED,
    TOO_MANY,
    TOO_MANY_OF_ADDRESS
  }

  private final WebSocketSettings settings;
  private final AtomicInteger count = new AtomicInteger();
  private final ConcurrentHashMap<Endpoint, Integer> countOfAddress = new ConcurrentHashMap<>();

  WebSocketSlots(WebSocketSettings settings) {
    this.settings = settings;
  }

  /** Takes a slot if there is one; who was admitted gives it back. */
  Admission take(Endpoint source) {
    if (count.incrementAndGet() > settings.connectionCountMax()) {
      count.decrementAndGet();
      return Admission.TOO_MANY;
    }
    if (countOfAddress.merge(key(source), 1, Integer::sum)
        > settings.connectionCountPerAddressMax()) {
      giveBack(source);
      return Admission.TOO_MANY_OF_ADDRESS;
    }
    return Admission.ADMITTED;
  }

  void giveBack(Endpoint source) {
    count.decrementAndGet();
    countOfAddress.computeIfPresent(key(source), (_, number) -> number == 1 ? null : number - 1);
  }

  /** A host with IPv6 owns a /64 as a rule. */
  private static Endpoint key(Endpoint source) {
    return source.isV4() ? source.withPort(0) : new Endpoint(source.high(), 0, 0);
  }
}
