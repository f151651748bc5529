package org.spate.core.dht;

import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/** A node that a lookup has heard of, and how far it got with it. */
final class Candidate {
  /** So many dead nodes that one node named make it a liar, unless more of them live. */
  private static final int DEAD_NAMED_MAX = 3;

  enum State {
    FRESH,
    ASKED,
    /** Asked and late; whoever is next need not wait for it. */
    SLOW,
    ANSWERED,
    FAILED
  }

  final Endpoint endpoint;
  private @Nullable Hash160 id;
  private boolean isBound;
  State state = State.FRESH;
  byte @Nullable [] token;
  @Nullable Reply reply;

  /** Who named it; null if it came from our own table. */
  private @Nullable Candidate source;

  private int deadNamed;
  private int livingNamed;

  Candidate(@Nullable Hash160 id, Endpoint endpoint, @Nullable Candidate source) {
    this.endpoint = endpoint;
    this.source = source;
    identify(id);
  }

  private void identify(@Nullable Hash160 known) {
    id = known;
    isBound = known != null && NodeIds.isBoundTo(known, endpoint);
  }

  /** Null as long as nothing but its address is known. */
  @Nullable Hash160 id() {
    return id;
  }

  @Nullable Candidate source() {
    return source;
  }

  /** Whether its id is one that its address may have; unknown ids are not. */
  boolean isBound() {
    return isBound;
  }

  boolean isOpen() {
    return state == State.ASKED || state == State.SLOW;
  }

  /** Another node names it, too: its word counts if the first one's does not. */
  void namedBy(Candidate other) {
    if (isDistrusted() && !other.isLiar()) {
      source = other;
    }
  }

  /** Whether whoever named it has named too many that do not exist. */
  boolean isDistrusted() {
    return source != null && source.isLiar();
  }

  private boolean isLiar() {
    return deadNamed >= DEAD_NAMED_MAX && deadNamed > 2 * livingNamed;
  }

  void answered(Hash160 as) {
    identify(as);
    state = State.ANSWERED;
    if (source != null) {
      source.livingNamed++;
    }
  }

  void failed() {
    if (source != null && state == State.ASKED) {
      source.deadNamed++;
    }
    state = State.FAILED;
  }

  /** No answer in time: that speaks against its source already, though it may still come. */
  void slow() {
    state = State.SLOW;
    if (source != null) {
      source.deadNamed++;
    }
  }
}
