package org.spate.tracker;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.spate.core.Endpoint;

/** Counts the connections of one kind, and those of each address. */
final class ConnectionSlots {
  enum Admission {
    ADMITTED,
    TOO_MANY,
    TOO_MANY_OF_ADDRESS
  }

  private final int countMax;
  private final int countPerAddressMax;
  private final AtomicInteger count = new AtomicInteger();
  private final ConcurrentHashMap<Endpoint, Integer> countOfAddress = new ConcurrentHashMap<>();

  ConnectionSlots(int countMax, int countPerAddressMax) {
    this.countMax = countMax;
    this.countPerAddressMax = countPerAddressMax;
  }

  /** Takes a slot if there is one; who was admitted gives it back. */
  Admission take(Endpoint source) {
    if (count.incrementAndGet() > countMax) {
      count.decrementAndGet();
      return Admission.TOO_MANY;
    }
    if (countOfAddress.merge(key(source), 1, Integer::sum) > countPerAddressMax) {
      giveBack(source);
      return Admission.TOO_MANY_OF_ADDRESS;
    }
    return Admission.ADMITTED;
  }

  /** Takes a slot that counts for no address, since many clients speak from that one. */
  Admission takeForProxy() {
    if (count.incrementAndGet() > countMax) {
      count.decrementAndGet();
      return Admission.TOO_MANY;
    }
    return Admission.ADMITTED;
  }

  void giveBack(Endpoint source) {
    count.decrementAndGet();
    countOfAddress.computeIfPresent(key(source), (_, number) -> number == 1 ? null : number - 1);
  }

  void giveBackOfProxy() {
    count.decrementAndGet();
  }

  /** A host with IPv6 owns a /64 as a rule. */
  private static Endpoint key(Endpoint source) {
    return source.isV4() ? source.withPort(0) : new Endpoint(source.high(), 0, 0);
  }
}
