package org.spate.core.dht;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * The contacts of one range of ids: up to eight in use, and up to eight more that wait for one of
 * them to fail (a cache of replacements, the newest last). No two of them are in one network
 * (threat 37), except in local ones.
 */
final class Bucket {
  static final int SIZE = 8;

  final List<Contact> live = new ArrayList<>(SIZE);
  final List<Contact> spare = new ArrayList<>(0);
  long changedNanos;

  Bucket(long nowNanos) {
    changedNanos = nowNanos;
  }

  boolean isFull() {
    return live.size() >= SIZE;
  }

  @Nullable Contact find(Hash160 id) {
    var found = find(live, id);
    return found == null ? find(spare, id) : found;
  }

  private static @Nullable Contact find(List<Contact> contacts, Hash160 id) {
    for (var contact : contacts) {
      if (contact.id().equals(id)) {
        return contact;
      }
    }
    return null;
  }

  /** Whether somebody of the same network is here. */
  boolean hasNeighbourOf(Endpoint endpoint) {
    return !Reach.isLocal(endpoint)
        && (hasNeighbour(live, endpoint) || hasNeighbour(spare, endpoint));
  }

  private static boolean hasNeighbour(List<Contact> contacts, Endpoint endpoint) {
    var network = Reach.network(endpoint);
    for (var contact : contacts) {
      if (Reach.network(contact.endpoint()).equals(network)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a contact into a full bucket in place of a bad one, or of one whose id its address may
   * not have if the new one's is right (BEP 42). Returns who had to go, or null if nobody did.
   */
  @Nullable Contact replaceWorst(Contact better, long nowNanos) {
    Contact worst = null;
    for (var contact : live) {
      boolean isWorse = contact.isBad() || (better.isBound && !contact.isBound);
      if (isWorse && (worst == null || (contact.isBad() && !worst.isBad()))) {
        worst = contact;
      }
    }
    if (worst != null) {
      live.remove(worst);
      live.add(better);
      changedNanos = nowNanos;
    }
    return worst;
  }

  /** Keeps a contact in case it is needed; returns who had to make room, or null. */
  @Nullable Contact keepSpare(Contact contact) {
    var gone = spare.size() < SIZE ? null : spare.removeFirst();
    spare.add(contact);
    return gone;
  }

  /** Puts the newest spare contact in the place of one that failed; false if there is none. */
  boolean replace(Contact failed, long nowNanos) {
    if (spare.isEmpty()) {
      return false;
    }
    live.remove(failed);
    live.add(spare.removeLast());
    changedNanos = nowNanos;
    return true;
  }
}
