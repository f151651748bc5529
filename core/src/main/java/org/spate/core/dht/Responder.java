package org.spate.core.dht;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;

/**
 * Answers the queries of others, within limits (threat 39): a query is answered with at most ten
 * times its bytes, an address with a few answers a second. Stores only for who shows a token
 * (threat 38).
 */
final class Responder {
  /** BEP 32: what every network carries in one piece. */
  static final int ANSWER_BYTES_MAX = 1_024;

  /** An item of the greatest size with everything around it. */
  static final int ITEM_ANSWER_BYTES_MAX = 1_500;

  private static final int PEERS_PER_ANSWER_MAX = 100;
  private static final long EXPIRY_INTERVAL_NANOS = 60 * 1_000_000_000L;

  private final boolean v6;
  private final Supplier<Hash160> ownId;
  private final Supplier<RoutingTable> ownTable;
  private final ForeignTable foreignTable;
  private final OnStored onStored;
  private final SourceLimits limits;
  private final Tokens tokens;
  private final PeerStorage peers;
  private final ItemStorage items = new ItemStorage();
  private long expireNanos;

  /** The table of the other family, if this machine is in that DHT as well (BEP 32). */
  interface ForeignTable {
    List<NodeInfo> closest(Hash160 target, int countMax);
  }

  /** Who wants to know of peers that announce themselves here. */
  interface OnStored {
    void accept(Hash160 infoHash, Endpoint peer);
  }

  Responder(
      boolean v6,
      Supplier<Hash160> ownId,
      Supplier<RoutingTable> ownTable,
      ForeignTable foreignTable,
      OnStored onStored,
      RandomGenerator random,
      long nowNanos) {
    this.v6 = v6;
    this.ownId = ownId;
    this.ownTable = ownTable;
    this.foreignTable = foreignTable;
    this.onStored = onStored;
    this.limits = new SourceLimits(nowNanos);
    this.tokens = new Tokens(random, nowNanos);
    this.peers = new PeerStorage(random);
    this.expireNanos = nowNanos + EXPIRY_INTERVAL_NANOS;
  }

  /** The answer to a query of so many bytes, or null if it gets none. */
  byte @Nullable [] answer(Krpc query, Endpoint from, int queryBytes, long nowNanos) {
    expireIfDue(nowNanos);
    if (!limits.allowsQuery(from, nowNanos)) {
      return null;
    }
    int budget = Math.min(ANSWER_BYTES_MAX, SourceLimits.AMPLIFICATION_MAX * queryBytes);
    var answer =
        switch (query) {
          case Krpc.Asked asked -> answer(asked, from, budget, nowNanos);
          case Krpc.Malformed(byte[] id, int code, String text) -> error(id, code, text, from);
          case Krpc.Answered _, Krpc.Refused _ -> throw new IllegalArgumentException("no query");
        };
    return limits.allowsAnswer(from, queryBytes, answer.length, nowNanos) ? answer : null;
  }

  private void expireIfDue(long nowNanos) {
    if (expireNanos - nowNanos <= 0) {
      peers.expire(nowNanos);
      items.expire(nowNanos);
      expireNanos = nowNanos + EXPIRY_INTERVAL_NANOS;
    }
  }

  private static byte[] error(byte[] transactionId, int code, String text, Endpoint from) {
    return KrpcWriter.write(new Krpc.Refused(transactionId, code, text, from));
  }

  private byte[] answer(Krpc.Asked asked, Endpoint from, int budget, long nowNanos) {
    return switch (asked.query()) {
      case Query.Ping _ -> fitted(asked, Reply.EMPTY, from, budget);
      case Query.FindNode(Hash160 target, Want want) ->
          fitted(asked, Reply.EMPTY.withNodes(nodes(target, want)), from, budget);
      case Query.GetPeers query -> getPeers(asked, query, from, budget, nowNanos);
      case Query.GetItem query -> getItem(asked, query, from, nowNanos);
      case Query.SampleInfohashes(Hash160 target, Want want) -> {
        var samples = peers.samples();
        var reply = new Reply(nodes(target, want), List.of(), null, null, null, samples);
        yield fitted(asked, reply, from, budget);
      }
      case Query.AnnouncePeer query -> announcePeer(asked, query, from, nowNanos);
      case Query.PutItem query -> putItem(asked, query, from, nowNanos);
    };
  }

  /** The closest nodes of each family that is wanted (BEP 32). */
  private List<NodeInfo> nodes(Hash160 target, Want want) {
    var nodes = new ArrayList<NodeInfo>();
    if (want.includes(v6, v6)) {
      nodes.addAll(ownTable.get().closest(target, Bucket.SIZE));
    }
    if (want.includes(!v6, v6)) {
      nodes.addAll(foreignTable.closest(target, Bucket.SIZE));
    }
    return nodes;
  }

  private byte[] getPeers(
      Krpc.Asked asked, Query.GetPeers query, Endpoint from, int budget, long nowNanos) {
    var infoHash = query.infoHash();
    var token = peers.hasRoom(infoHash) ? tokens.issue(from, infoHash, nowNanos) : null;
    var scrape = query.scrape() ? peers.scrape(infoHash) : null;
    var values = peers.some(infoHash, query.noSeed(), PEERS_PER_ANSWER_MAX);
    var nodes = nodes(infoHash, query.want());
    return fitted(asked, new Reply(nodes, values, token, scrape, null, null), from, budget);
  }

  /** Writes an answer; leaves out peers first, and then nodes, until it is short enough. */
  private byte[] fitted(Krpc.Asked asked, Reply reply, Endpoint from, int budget) {
    var fitting = reply;
    var bytes = write(asked, fitting, from);
    int perPeer = v6 ? 21 : 8; // with the length in front
    while (bytes.length > budget && !fitting.peers().isEmpty()) {
      int surplus = Math.ceilDiv(bytes.length - budget, perPeer);
      int kept = Math.max(0, fitting.peers().size() - surplus);
      fitting = fitting.withPeers(fitting.peers().subList(0, kept));
      bytes = write(asked, fitting, from);
    }
    while (bytes.length > budget && !fitting.nodes().isEmpty()) {
      fitting = fitting.withNodes(fitting.nodes().subList(0, fitting.nodes().size() - 1));
      bytes = write(asked, fitting, from);
    }
    return bytes;
  }

  private byte[] write(Krpc.Asked asked, Reply reply, Endpoint from) {
    return KrpcWriter.write(new Krpc.Answered(asked.transactionId(), ownId.get(), reply, from));
  }

  private byte[] announcePeer(
      Krpc.Asked asked, Query.AnnouncePeer query, Endpoint from, long nowNanos) {
    if (!tokens.isValid(query.token(), from, query.infoHash(), nowNanos)) {
      return badToken(asked, from);
    }
    var peer = query.port() == 0 ? from : from.withPort(query.port());
    if (!peers.store(query.infoHash(), peer, query.seed(), nowNanos)) {
      return error(asked.transactionId(), Krpc.GENERIC_ERROR, "storage full", from);
    }
    onStored.accept(query.infoHash(), peer);
    return write(asked, Reply.EMPTY, from);
  }

  private static byte[] badToken(Krpc.Asked asked, Endpoint from) {
    return error(asked.transactionId(), Krpc.PROTOCOL_ERROR, "bad token", from);
  }

  private byte[] getItem(Krpc.Asked asked, Query.GetItem query, Endpoint from, long nowNanos) {
    var token = tokens.issue(from, query.target(), nowNanos);
    var item = items.find(query.target());
    var value =
        switch (item) {
          case null -> null;
          case Item.Immutable(byte[] bencoded) -> new Reply.Value(bencoded, null, null, null);
          case Item.Mutable mutable -> mutable(mutable, query.seq());
        };
    var nodes = nodes(query.target(), query.want());
    var reply = new Reply(nodes, List.of(), token, null, value, null);
    return fitted(asked, reply, from, ITEM_ANSWER_BYTES_MAX);
  }

  /** Who has the item already is told its number only (BEP 44). */
  private static Reply.Value mutable(Item.Mutable item, @Nullable Long known) {
    return known != null && item.seq() <= known
        ? new Reply.Value(null, null, null, item.seq())
        : new Reply.Value(item.value(), item.publicKey(), item.signature(), item.seq());
  }

  private byte[] putItem(Krpc.Asked asked, Query.PutItem query, Endpoint from, long nowNanos) {
    var item = query.item();
    if (!tokens.isValid(query.token(), from, item.target(), nowNanos)) {
      return badToken(asked, from);
    }
    if (!item.isGenuine()) {
      return error(asked.transactionId(), Krpc.BAD_SIGNATURE, "bad signature", from);
    }
    return switch (items.store(item, query.cas(), ownId.get(), nowNanos)) {
      case 0 -> write(asked, Reply.EMPTY, from);
      case Krpc.CAS_MISMATCH ->
          error(asked.transactionId(), Krpc.CAS_MISMATCH, "cas mismatch", from);
      default -> error(asked.transactionId(), Krpc.SEQ_TOO_LOW, "sequence number too low", from);
    };
  }

  PeerStorage peers() {
    return peers;
  }

  ItemStorage items() {
    return items;
  }
}
