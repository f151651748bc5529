package org.spate.core.dht;

import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * A node in the routing table: it has answered us at least once. Good while it answered within the
 * last quarter of an hour, or asked us something in that time (BEP 5); bad after two questions in a
 * row without an answer; questionable in between.
 */
final class Contact {
  static final long GOOD_NANOS = 15 * 60 * 1_000_000_000L;
  static final int FAILURES_MAX = 2;

  final NodeInfo node;
  final boolean isBound;
  private long repliedNanos;
  private long seenNanos;
  private int failures;

  Contact(NodeInfo node, long nowNanos) {
    this.node = node;
    this.isBound = node.isBound();
    this.repliedNanos = nowNanos;
    this.seenNanos = nowNanos;
  }

  Hash160 id() {
    return node.id();
  }

  Endpoint endpoint() {
    return node.endpoint();
  }

  void replied(long nowNanos) {
    repliedNanos = nowNanos;
    seenNanos = nowNanos;
    failures = 0;
  }

  void asked(long nowNanos) {
    seenNanos = nowNanos;
  }

  void failed() {
    failures++;
  }

  boolean isBad() {
    return failures >= FAILURES_MAX;
  }

  /** Whether it left the last question unanswered. */
  boolean isDoubtful() {
    return failures > 0;
  }

  boolean isGood(long nowNanos) {
    return failures == 0 && nowNanos - seenNanos < GOOD_NANOS;
  }

  long seenNanos() {
    return seenNanos;
  }

  long repliedNanos() {
    return repliedNanos;
  }
}
