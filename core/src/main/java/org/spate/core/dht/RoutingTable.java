package org.spate.core.dht;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * The nodes that a node knows (BEP 5), more of them the closer they are: bucket <i>i</i> holds ids
 * that share exactly <i>i</i> leading bits with ours, the last one all that share more; only the
 * last one is ever split.
 *
 * <p>Against pollution (threat 37): only who answered a question of ours, under the id it is known
 * by, gets in; an address is here once; a bucket holds one node of a network.
 */
final class RoutingTable {
  private final Hash160 ownId;
  private final List<Bucket> buckets = new ArrayList<>();
  private final Map<Endpoint, Contact> byHost = new HashMap<>();

  RoutingTable(Hash160 ownId, long nowNanos) {
    this.ownId = ownId;
    buckets.add(new Bucket(nowNanos));
  }

  private Bucket bucketOf(Hash160 id) {
    return buckets.get(Math.min(NodeIds.commonPrefixBits(ownId, id), buckets.size() - 1));
  }

  /** The key that makes an address unique: in local networks with its port. */
  private static Endpoint key(Endpoint endpoint) {
    return Reach.isLocal(endpoint) ? endpoint : Reach.host(endpoint);
  }

  /** A node has answered us. */
  void replied(NodeInfo node, long nowNanos) {
    if (node.id().equals(ownId)) {
      return;
    }
    var known = byHost.get(key(node.endpoint()));
    if (known != null && !known.node.equals(node)) {
      // One address, two ids: a node that was restarted, or a liar. Neither is who it was (BEP 45).
      if (!known.endpoint().equals(node.endpoint()) && !known.isBad()) {
        return;
      }
      remove(known, nowNanos);
      known = null;
    }
    var bucket = bucketOf(node.id());
    if (known != null) {
      known.replied(nowNanos);
      if (bucket.live.contains(known)) {
        bucket.changedNanos = nowNanos;
      }
      return;
    }
    if (bucket.find(node.id()) == null && !bucket.hasNeighbourOf(node.endpoint())) {
      add(new Contact(node, nowNanos), nowNanos);
    }
  }

  private void add(Contact contact, long nowNanos) {
    var bucket = bucketOf(contact.id());
    while (bucket.isFull() && isLast(bucket) && buckets.size() < NodeIds.BITS) {
      split(bucket, nowNanos);
      bucket = bucketOf(contact.id());
    }
    Contact gone = null;
    if (bucket.isFull()) {
      gone = bucket.replaceWorst(contact, nowNanos);
      if (gone == null) {
        gone = bucket.keepSpare(contact);
      }
    } else {
      bucket.live.add(contact);
      bucket.changedNanos = nowNanos;
    }
    byHost.put(key(contact.endpoint()), contact);
    if (gone != null) {
      byHost.remove(key(gone.endpoint()), gone);
    }
  }

  private boolean isLast(Bucket bucket) {
    return buckets.getLast() == bucket;
  }

  /** Moves on who shares another bit with us. */
  private void split(Bucket last, long nowNanos) {
    int index = buckets.size() - 1;
    var next = new Bucket(nowNanos);
    buckets.add(next);
    moveOn(last.live, next.live, index);
    moveOn(last.spare, next.spare, index);
    promoteSpares(last);
    promoteSpares(next);
  }

  private void moveOn(List<Contact> from, List<Contact> to, int index) {
    for (var contact : List.copyOf(from)) {
      if (NodeIds.commonPrefixBits(ownId, contact.id()) > index) {
        from.remove(contact);
        to.add(contact);
      }
    }
  }

  private static void promoteSpares(Bucket bucket) {
    while (!bucket.isFull() && !bucket.spare.isEmpty()) {
      bucket.live.add(bucket.spare.removeLast());
    }
  }

  private void remove(Contact contact, long nowNanos) {
    var bucket = bucketOf(contact.id());
    if (!bucket.spare.remove(contact) && !bucket.replace(contact, nowNanos)) {
      bucket.live.remove(contact);
    }
    byHost.remove(key(contact.endpoint()), contact);
  }

  /** A node has asked us something, which keeps a contact fresh. */
  void asked(NodeInfo node, long nowNanos) {
    var known = byHost.get(key(node.endpoint()));
    if (known != null && known.node.equals(node)) {
      known.asked(nowNanos);
    }
  }

  /** Whether a node that we have not heard of would be welcome, if only it answers a ping. */
  boolean wants(NodeInfo node) {
    if (node.id().equals(ownId) || byHost.containsKey(key(node.endpoint()))) {
      return false;
    }
    var bucket = bucketOf(node.id());
    if (bucket.find(node.id()) != null || bucket.hasNeighbourOf(node.endpoint())) {
      return false;
    }
    return !bucket.isFull() || isLast(bucket) || bucket.spare.size() < Bucket.SIZE;
  }

  /** A node has left a question unanswered. */
  void failed(Endpoint endpoint, long nowNanos) {
    var contact = byHost.get(key(endpoint));
    if (contact == null || !contact.endpoint().equals(endpoint)) {
      return;
    }
    contact.failed();
    var bucket = bucketOf(contact.id());
    if (bucket.spare.remove(contact)) {
      byHost.remove(key(endpoint));
    } else if (contact.isBad() && bucket.replace(contact, nowNanos)) {
      byHost.remove(key(endpoint));
    }
  }

  /** The closest nodes to a target, closest first, of those that do not fail. */
  List<NodeInfo> closest(Hash160 target, int countMax) {
    var best = new NodeInfo[countMax];
    int size = 0;
    for (var bucket : buckets) {
      for (var contact : bucket.live) {
        if (!contact.isDoubtful()) {
          size = insert(best, size, contact.node, target);
        }
      }
    }
    return Arrays.asList(best).subList(0, size);
  }

  private static int insert(NodeInfo[] best, int size, NodeInfo node, Hash160 target) {
    int at = size;
    while (at > 0 && NodeIds.compareDistance(target, node.id(), best[at - 1].id()) < 0) {
      at--;
    }
    if (at == best.length) {
      return size;
    }
    int moved = Math.min(size, best.length - 1) - at;
    System.arraycopy(best, at, best, at + 1, moved);
    best[at] = node;
    return Math.min(size + 1, best.length);
  }

  /** The contact to ping next: questionable, and silent for longer than any other; or null. */
  @Nullable Contact questionable(long nowNanos) {
    Contact oldest = null;
    for (var bucket : buckets) {
      for (var contact : bucket.live) {
        boolean isOlder = oldest == null || contact.seenNanos() - oldest.seenNanos() < 0;
        if (!contact.isGood(nowNanos) && !contact.isBad() && isOlder) {
          oldest = contact;
        }
      }
    }
    return oldest;
  }

  /** A target in a bucket where nothing has happened for a quarter of an hour, or null. */
  @Nullable Hash160 staleTarget(RandomGenerator random, long nowNanos) {
    for (int i = 0; i < buckets.size(); i++) {
      var bucket = buckets.get(i);
      if (nowNanos - bucket.changedNanos >= Contact.GOOD_NANOS) {
        bucket.changedNanos = nowNanos;
        return NodeIds.sharing(ownId, i, random);
      }
    }
    return null;
  }

  /** All contacts in use, those far away first. */
  List<Contact> contacts() {
    var all = new ArrayList<Contact>();
    buckets.forEach(bucket -> all.addAll(bucket.live));
    return all;
  }

  int count() {
    int count = 0;
    for (var bucket : buckets) {
      count += bucket.live.size();
    }
    return count;
  }

  /** Contacts that can be used now. */
  int usableCount() {
    int count = 0;
    for (var bucket : buckets) {
      for (var contact : bucket.live) {
        count += contact.isDoubtful() ? 0 : 1;
      }
    }
    return count;
  }

  int bucketCount() {
    return buckets.size();
  }

  int spareCount() {
    int count = 0;
    for (var bucket : buckets) {
      count += bucket.spare.size();
    }
    return count;
  }
}
