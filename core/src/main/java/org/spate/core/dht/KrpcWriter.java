package org.spate.core.dht;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.bencode.BencodeWriter;

/** Writes KRPC messages; keys in the order of their bytes, as bencode wants it. */
final class KrpcWriter {
  /** The client and its version, in the manner of BEP 20. */
  private static final byte[] VERSION = {'S', 'p', 0, 1};

  private KrpcWriter() {}

  static byte[] write(Krpc message) {
    var writer = new BencodeWriter().beginDictionary();
    switch (message) {
      case Krpc.Asked asked -> asked(asked, writer);
      case Krpc.Answered(_, Hash160 id, Reply reply, Endpoint ip) -> {
        ip(ip, writer);
        values(id, reply, writer.key("r").beginDictionary());
      }
      case Krpc.Refused(_, int code, String text, Endpoint ip) -> error(code, text, ip, writer);
      case Krpc.Malformed(_, int code, String text) -> error(code, text, null, writer);
    }
    writer.key("t").text(message.transactionId()).key("v").text(VERSION).key("y");
    writer.text(
        switch (message) {
          case Krpc.Asked _ -> "q";
          case Krpc.Answered _ -> "r";
          case Krpc.Refused _, Krpc.Malformed _ -> "e";
        });
    return writer.end().toBytes();
  }

  private static void error(int code, String text, @Nullable Endpoint ip, BencodeWriter writer) {
    writer.key("e").beginList().integer(code).text(text).end();
    ip(ip, writer);
  }

  private static void ip(@Nullable Endpoint ip, BencodeWriter writer) {
    if (ip != null) {
      writer.key("ip").text(CompactNodes.peer(ip));
    }
  }

  private static void asked(Krpc.Asked message, BencodeWriter writer) {
    writer.key("a").beginDictionary();
    String method = arguments(message.query(), message.id().bytes(), writer);
    writer.end().key("q").text(method);
    if (message.readOnly()) {
      writer.key("ro").integer(1);
    }
  }

  /** Writes the arguments and returns the method. */
  private static String arguments(Query query, byte[] id, BencodeWriter writer) {
    return switch (query) {
      case Query.Ping _ -> {
        writer.key("id").text(id);
        yield "ping";
      }
      case Query.FindNode(Hash160 target, Want want) -> {
        search(id, "target", target, want, writer);
        yield "find_node";
      }
      case Query.GetPeers(Hash160 infoHash, Want want, boolean noSeed, boolean scrape) -> {
        writer.key("id").text(id).key("info_hash").text(infoHash.bytes());
        flag("noseed", noSeed, writer);
        flag("scrape", scrape, writer);
        want(want, writer);
        yield "get_peers";
      }
      case Query.AnnouncePeer announce -> {
        announcePeer(announce, id, writer);
        yield "announce_peer";
      }
      case Query.GetItem(Hash160 target, Want want, Long seq) -> {
        writer.key("id").text(id);
        number("seq", seq, writer);
        writer.key("target").text(target.bytes());
        want(want, writer);
        yield "get";
      }
      case Query.PutItem put -> {
        putItem(put, id, writer);
        yield "put";
      }
      case Query.SampleInfohashes(Hash160 target, Want want) -> {
        search(id, "target", target, want, writer);
        yield "sample_infohashes";
      }
    };
  }

  private static void search(
      byte[] id, String key, Hash160 target, Want want, BencodeWriter writer) {
    writer.key("id").text(id).key(key).text(target.bytes());
    want(want, writer);
  }

  private static void want(Want want, BencodeWriter writer) {
    if (want.equals(Want.UNSAID)) {
      return;
    }
    writer.key("want").beginList();
    if (want.v4()) {
      writer.text("n4");
    }
    if (want.v6()) {
      writer.text("n6");
    }
    writer.end();
  }

  /** Without a port of its own the announce says so: {@code implied_port} (BEP 5). */
  private static void announcePeer(Query.AnnouncePeer announce, byte[] id, BencodeWriter writer) {
    writer.key("id").text(id);
    flag("implied_port", announce.port() == 0, writer);
    writer.key("info_hash").text(announce.infoHash().bytes());
    writer.key("port").integer(announce.port() == 0 ? 1 : announce.port());
    flag("seed", announce.seed(), writer);
    writer.key("token").text(announce.token());
  }

  private static void putItem(Query.PutItem put, byte[] id, BencodeWriter writer) {
    switch (put.item()) {
      case Item.Immutable _ -> writer.key("id").text(id);
      case Item.Mutable(byte[] key, byte[] salt, long seq, byte[] signature, _) -> {
        number("cas", put.cas(), writer);
        writer.key("id").text(id).key("k").text(key);
        if (salt.length > 0) {
          writer.key("salt").text(salt);
        }
        writer.key("seq").integer(seq).key("sig").text(signature);
      }
    }
    writer.key("token").text(put.token()).key("v").raw(put.item().value());
  }

  private static void values(Hash160 id, Reply reply, BencodeWriter writer) {
    if (reply.scrape() != null) {
      writer.key("BFpe").text(reply.scrape().peers().bytes());
      writer.key("BFsd").text(reply.scrape().seeds().bytes());
    }
    var samples = reply.samples();
    var value = reply.value();
    writer.key("id").text(id.bytes());
    number("interval", samples == null ? null : (Long) (long) samples.intervalSeconds(), writer);
    text("k", value == null ? null : value.publicKey(), writer);
    nodes("nodes", reply.nodes(), false, writer);
    nodes("nodes6", reply.nodes(), true, writer);
    number("num", samples == null ? null : (Long) (long) samples.count(), writer);
    text("samples", samples == null ? null : concatenated(samples.infoHashes()), writer);
    number("seq", value == null ? null : value.seq(), writer);
    text("sig", value == null ? null : value.signature(), writer);
    text("token", reply.token(), writer);
    if (value != null && value.bencoded() != null) {
      writer.key("v").raw(value.bencoded());
    }
    if (!reply.peers().isEmpty()) {
      writer.key("values").beginList();
      reply.peers().forEach(peer -> writer.text(CompactNodes.peer(peer)));
      writer.end();
    }
    writer.end();
  }

  private static byte[] concatenated(List<Hash160> infoHashes) {
    var bytes = new byte[infoHashes.size() * Hash160.BYTES];
    for (int i = 0; i < infoHashes.size(); i++) {
      infoHashes.get(i).copyTo(bytes, i * Hash160.BYTES);
    }
    return bytes;
  }

  private static void nodes(String key, List<NodeInfo> nodes, boolean v6, BencodeWriter writer) {
    if (CompactNodes.count(nodes, v6) > 0) {
      writer.key(key).text(CompactNodes.nodes(nodes, v6));
    }
  }

  private static void flag(String key, boolean isSet, BencodeWriter writer) {
    if (isSet) {
      writer.key(key).integer(1);
    }
  }

  private static void number(String key, @Nullable Long number, BencodeWriter writer) {
    if (number != null) {
      writer.key(key).integer(number);
    }
  }

  private static void text(String key, byte @Nullable [] bytes, BencodeWriter writer) {
    if (bytes != null) {
      writer.key(key).text(bytes);
    }
  }
}
