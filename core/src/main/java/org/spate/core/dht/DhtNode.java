package org.spate.core.dht;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * The node of this machine at one address: with an id, a table, tokens and storage of its own, as a
 * node with several addresses has to have them (BEP 45). Asks, is asked, and runs lookups.
 */
final class DhtNode implements Lookup.Port {
  /** More lookups than these at a time wait. */
  static final int LOOKUPS_MAX = 50;

  private static final int CONTACTS_MIN = Bucket.SIZE;
  private static final int LOOKUP_START_MAX = 2 * Bucket.SIZE;

  /** What lies outside of one node. */
  interface Outside extends Responder.ForeignTable {
    void send(int socket, Endpoint to, byte[] datagram);

    /** Nodes of the other family that somebody named. */
    void onForeignNodes(List<NodeInfo> nodes, long nowNanos);

    void onExternalAddress(int socket, Endpoint address);

    /** A peer has announced itself to us: if we look for it, here it is. */
    void onPeerStored(Hash160 infoHash, Endpoint peer);
  }

  private final int socket;
  private final boolean v6;
  private final RandomGenerator random;
  private final Outside outside;
  private final Transactions transactions;
  private final Responder responder;
  private final AddressVotes votes = new AddressVotes();
  private final Upkeep upkeep;
  private final List<Lookup> lookups = new ArrayList<>();
  private Hash160 id;
  private RoutingTable table;

  DhtNode(
      int socket,
      boolean v6,
      DhtSettings settings,
      @Nullable Hash160 savedId,
      RandomGenerator random,
      Outside outside,
      long nowNanos) {
    this.socket = socket;
    this.v6 = v6;
    this.random = random;
    this.outside = outside;
    this.id = savedId == null ? NodeIds.random(random) : savedId;
    this.table = new RoutingTable(id, nowNanos);
    this.transactions = new Transactions(random);
    this.responder =
        new Responder(v6, () -> id, () -> table, outside, outside::onPeerStored, random, nowNanos);
    this.upkeep = new Upkeep(this, settings, random, nowNanos);
  }

  // Datagrams

  void received(Endpoint from, byte[] datagram, long nowNanos) {
    var message = KrpcReader.read(datagram);
    switch (message) {
      case null -> {}
      case Krpc.Asked asked -> onQuery(asked, from, datagram.length, nowNanos);
      case Krpc.Malformed malformed -> answer(malformed, from, datagram.length, nowNanos);
      case Krpc.Answered answered -> onReply(answered, from, nowNanos);
      case Krpc.Refused refused -> onError(refused, from, nowNanos);
    }
  }

  private void onQuery(Krpc.Asked asked, Endpoint from, int bytes, long nowNanos) {
    if (asked.id().equals(id)) {
      return; // our own words, sent back (threat 37), or somebody who poses as us
    }
    upkeep.onQuery(from, nowNanos);
    answer(asked, from, bytes, nowNanos);
    if (!asked.readOnly()) {
      var node = new NodeInfo(asked.id(), from);
      table.asked(node, nowNanos);
      if (table.wants(node)) {
        upkeep.ping(from, asked.id(), nowNanos);
      }
    }
  }

  private void answer(Krpc query, Endpoint from, int bytes, long nowNanos) {
    if (upkeep.isReadOnly(nowNanos)) {
      return;
    }
    var answer = responder.answer(query, from, bytes, nowNanos);
    if (answer != null) {
      outside.send(socket, from, answer);
    }
  }

  private void onReply(Krpc.Answered answered, Endpoint from, long nowNanos) {
    var question = transactions.end(answered.transactionId(), from);
    if (question == null) {
      return;
    }
    var node = new NodeInfo(answered.id(), from);
    boolean isOurs = node.id().equals(id);
    boolean isOther = question.expected() != null && !question.expected().equals(node.id());
    if (!isOurs) {
      table.replied(node, nowNanos);
      vote(from, answered.ip(), nowNanos);
    }
    if (isOurs || isOther) {
      question.asker().onFailure(nowNanos);
    } else {
      question.asker().onReply(node, answered.reply(), nowNanos);
      tellForeign(from, answered.reply(), nowNanos);
    }
    removeEnded();
  }

  private void tellForeign(Endpoint from, Reply reply, long nowNanos) {
    var foreign = new ArrayList<NodeInfo>();
    for (var node : reply.nodes()) {
      if (node.endpoint().isV4() == v6 && Reach.mayName(from, node.endpoint())) {
        foreign.add(node);
      }
    }
    if (!foreign.isEmpty()) {
      outside.onForeignNodes(foreign, nowNanos);
    }
  }

  private void onError(Krpc.Refused refused, Endpoint from, long nowNanos) {
    var question = transactions.end(refused.transactionId(), from);
    if (question != null) {
      vote(from, refused.ip(), nowNanos);
      question.asker().onRefusal(refused.code(), nowNanos);
      removeEnded();
    }
  }

  /** One more word on what our address is; if it proves another one, the id has to follow. */
  private void vote(Endpoint voter, @Nullable Endpoint seen, long nowNanos) {
    if (seen == null || seen.isV4() == v6 || !votes.vote(voter, seen)) {
      return;
    }
    outside.onExternalAddress(socket, seen.withPort(0));
    if (!NodeIds.isBoundTo(id, seen)) {
      become(NodeIds.boundTo(seen, random), nowNanos);
    }
  }

  /** Takes another id, and keeps the contacts. */
  private void become(Hash160 other, long nowNanos) {
    var contacts = table.contacts();
    id = other;
    table = new RoutingTable(id, nowNanos);
    contacts.forEach(contact -> table.replied(contact.node, contact.repliedNanos()));
    upkeep.onNewId(nowNanos);
  }

  // Questions

  @Override
  public boolean ask(
      Endpoint to,
      @Nullable Hash160 expected,
      Query query,
      Transactions.Asker asker,
      long nowNanos) {
    if (transactions.isFull()) {
      return false;
    }
    var transactionId = transactions.begin(to, expected, asker, nowNanos);
    upkeep.onAsked(to);
    var message = new Krpc.Asked(transactionId, id, upkeep.isReadOnly(nowNanos), query);
    outside.send(socket, to, KrpcWriter.write(message));
    return true;
  }

  /** Begins a lookup; false if too many are running. */
  boolean look(Hash160 target, Lookup.Purpose purpose, long nowNanos) {
    return look(target, purpose, List.of(), nowNanos);
  }

  boolean look(Hash160 target, Lookup.Purpose purpose, List<NodeInfo> besides, long nowNanos) {
    if (lookups.size() >= LOOKUPS_MAX) {
      return false;
    }
    var lookup = new Lookup(target, v6, id, purpose, this);
    lookups.add(lookup);
    var known = new ArrayList<>(table.closest(target, LOOKUP_START_MAX));
    known.addAll(besides);
    boolean isPoor = table.usableCount() < CONTACTS_MIN;
    lookup.start(known, isPoor ? upkeep.routers() : List.of(), nowNanos);
    removeEnded();
    return true;
  }

  private void removeEnded() {
    lookups.removeIf(Lookup::isOver);
  }

  // Time

  void advance(long nowNanos) {
    for (var question : transactions.advance(nowNanos)) {
      table.failed(question.to(), nowNanos);
      question.asker().onFailure(nowNanos);
    }
    if (upkeep.deadlineNanos() - nowNanos <= 0) {
      List.copyOf(lookups).forEach(lookup -> lookup.nudge(nowNanos));
      upkeep.advance(nowNanos);
    }
    removeEnded();
  }

  long deadlineNanos() {
    return Math.min(transactions.deadlineNanos(), upkeep.deadlineNanos());
  }

  // What others may know

  boolean isV6() {
    return v6;
  }

  Hash160 id() {
    return id;
  }

  RoutingTable table() {
    return table;
  }

  Upkeep upkeep() {
    return upkeep;
  }

  Responder responder() {
    return responder;
  }

  @Nullable Endpoint externalAddress() {
    return votes.winner();
  }
}
