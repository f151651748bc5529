package org.spate.core.dht;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.bencode.BencodeException;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.Bencoded;

/** Reads KRPC messages of strangers: every length is checked, every list has an end. */
final class KrpcReader {
  static final int TRANSACTION_ID_BYTES_MAX = 32;
  static final int TOKEN_BYTES_MAX = 128;
  static final int NODES_MAX = 32;
  static final int PEERS_MAX = 200;
  static final int SAMPLES_MAX = 100;

  private static final int ERROR_TEXT_BYTES_MAX = 200;
  private static final int INTERVAL_MAX_SECONDS = 21_600;

  /** A value of 1,000 bytes may be nothing but lists in lists; no message is deeper. */
  private static final BencodeLimits LIMITS = new BencodeLimits(512, 2_048, false);

  private static final BencodeLimits VALUE_LIMITS = new BencodeLimits(512, 2_048, true);

  private static final byte[] NOTHING = new byte[0];

  private KrpcReader() {}

  /** The message, or null if it is none and deserves no answer. */
  static @Nullable Krpc read(byte[] datagram) {
    try {
      return BencodeReader.parse(datagram, LIMITS) instanceof Bencoded.Dictionary message
          ? message(message)
          : null;
    } catch (BencodeException e) {
      return null;
    }
  }

  private static @Nullable Krpc message(Bencoded.Dictionary message) {
    var kind = message.text("y");
    var id = message.text("t");
    if (kind == null || id == null || id.length() > TRANSACTION_ID_BYTES_MAX) {
      return null;
    }
    return switch (kind.utf8()) {
      case "q" -> asked(message, id.bytes());
      case "r" -> answered(message, id.bytes());
      case "e" -> refused(message, id.bytes());
      default -> null;
    };
  }

  // Queries

  private static Krpc asked(Bencoded.Dictionary message, byte[] transactionId) {
    var method = message.text("q");
    var arguments = message.dictionary("a");
    var id = arguments == null ? null : hash(arguments, "id");
    if (method == null || arguments == null || id == null) {
      return malformed(transactionId, "a query has a method and the id of its sender");
    }
    boolean readOnly = isOne(message, "ro");
    return switch (method.utf8()) {
      case "ping" -> new Krpc.Asked(transactionId, id, readOnly, new Query.Ping());
      case "announce_peer" -> announcePeer(transactionId, id, readOnly, arguments);
      case "put" -> putItem(transactionId, id, readOnly, arguments);
      default -> search(transactionId, id, readOnly, method.utf8(), arguments);
    };
  }

  /** The queries about a target. One with a method we do not know is answered with nodes. */
  private static Krpc search(
      byte[] transactionId,
      Hash160 id,
      boolean readOnly,
      String method,
      Bencoded.Dictionary arguments) {
    boolean isGetPeers = method.equals("get_peers");
    var target = hash(arguments, isGetPeers ? "info_hash" : "target");
    if (target == null && !isGetPeers) {
      target = hash(arguments, "info_hash");
    }
    if (target == null) {
      boolean isKnown = isGetPeers || List.of("find_node", "get").contains(method);
      return isKnown
          ? malformed(transactionId, "a target is twenty bytes")
          : new Krpc.Malformed(transactionId, Krpc.METHOD_UNKNOWN, "method unknown");
    }
    var want = want(arguments.items("want"));
    var query =
        switch (method) {
          case "get_peers" ->
              new Query.GetPeers(
                  target, want, isOne(arguments, "noseed"), isOne(arguments, "scrape"));
          case "get" -> new Query.GetItem(target, want, arguments.integer("seq"));
          case "sample_infohashes" -> new Query.SampleInfohashes(target, want);
          default -> new Query.FindNode(target, want);
        };
    return new Krpc.Asked(transactionId, id, readOnly, query);
  }

  private static Want want(Bencoded.@Nullable Items names) {
    boolean v4 = false;
    boolean v6 = false;
    if (names != null) {
      for (var name : names.values()) {
        if (name instanceof Bencoded.Text text && text.length() == 2) {
          v4 |= text.utf8().equals("n4");
          v6 |= text.utf8().equals("n6");
        }
      }
    }
    return new Want(v4, v6);
  }

  private static Krpc announcePeer(
      byte[] transactionId, Hash160 id, boolean readOnly, Bencoded.Dictionary arguments) {
    var infoHash = hash(arguments, "info_hash");
    var token = token(arguments);
    var port = arguments.integer("port");
    boolean implied = isOne(arguments, "implied_port");
    if (infoHash == null || token == null) {
      return malformed(transactionId, "an announce has an info-hash and a token");
    }
    if (!implied && (port == null || port <= 0 || port > 0xFFFF)) {
      return malformed(transactionId, "an announce has a port");
    }
    int number = implied || port == null ? 0 : port.intValue();
    var query = new Query.AnnouncePeer(infoHash, number, isOne(arguments, "seed"), token);
    return new Krpc.Asked(transactionId, id, readOnly, query);
  }

  private static Krpc putItem(
      byte[] transactionId, Hash160 id, boolean readOnly, Bencoded.Dictionary arguments) {
    var token = token(arguments);
    var value = arguments.find("v");
    if (token == null || value == null) {
      return malformed(transactionId, "a put has a token and a value");
    }
    var bencoded = value.raw();
    if (bencoded.length > Item.VALUE_BYTES_MAX) {
      return new Krpc.Malformed(transactionId, Krpc.VALUE_TOO_BIG, "value too big");
    }
    if (!isCanonical(bencoded)) {
      return malformed(transactionId, "the value is not canonical bencode");
    }
    var key = arguments.text("k");
    if (key == null) {
      var query = new Query.PutItem(new Item.Immutable(bencoded), token, null);
      return new Krpc.Asked(transactionId, id, readOnly, query);
    }
    var salt = bytes(arguments, "salt");
    if (salt.length > Item.SALT_BYTES_MAX) {
      return new Krpc.Malformed(transactionId, Krpc.SALT_TOO_BIG, "salt too big");
    }
    var seq = arguments.integer("seq");
    var signature = bytes(arguments, "sig");
    if (seq == null || seq < 0 || key.length() != Item.PUBLIC_KEY_BYTES) {
      return malformed(transactionId, "a mutable item has a number and a key of 32 bytes");
    }
    if (signature.length != Item.SIGNATURE_BYTES) {
      return new Krpc.Malformed(transactionId, Krpc.BAD_SIGNATURE, "bad signature");
    }
    var item = new Item.Mutable(key.bytes(), salt, seq, signature, bencoded);
    var query = new Query.PutItem(item, token, arguments.integer("cas"));
    return new Krpc.Asked(transactionId, id, readOnly, query);
  }

  /** Only what every bencoder writes the same way may be hashed and signed (BEP 44). */
  static boolean isCanonical(byte[] bencoded) {
    try {
      BencodeReader.parse(bencoded, VALUE_LIMITS);
      return true;
    } catch (BencodeException e) {
      return false;
    }
  }

  private static Krpc malformed(byte[] transactionId, String text) {
    return new Krpc.Malformed(transactionId, Krpc.PROTOCOL_ERROR, text);
  }

  // Responses

  private static @Nullable Krpc answered(Bencoded.Dictionary message, byte[] transactionId) {
    var values = message.dictionary("r");
    var id = values == null ? null : hash(values, "id");
    return values == null || id == null
        ? null
        : new Krpc.Answered(transactionId, id, reply(values), ip(message));
  }

  private static Reply reply(Bencoded.Dictionary values) {
    var nodes = new ArrayList<NodeInfo>();
    CompactNodes.read(values.text("nodes"), false, NODES_MAX, nodes);
    CompactNodes.read(values.text("nodes6"), true, NODES_MAX, nodes);
    return new Reply(
        nodes,
        CompactNodes.peers(values.items("values"), PEERS_MAX),
        token(values),
        scrape(values),
        value(values),
        samples(values));
  }

  private static Reply.@Nullable Scrape scrape(Bencoded.Dictionary values) {
    var seeds = bytes(values, "BFsd");
    var peers = bytes(values, "BFpe");
    return seeds.length == BloomFilter.BYTES && peers.length == BloomFilter.BYTES
        ? new Reply.Scrape(BloomFilter.of(seeds), BloomFilter.of(peers))
        : null;
  }

  private static Reply.@Nullable Value value(Bencoded.Dictionary values) {
    var value = values.find("v");
    var seq = values.integer("seq");
    var bencoded = value == null ? null : value.raw();
    if (bencoded != null && bencoded.length > Item.VALUE_BYTES_MAX) {
      return null;
    }
    var key = values.text("k");
    var signature = values.text("sig");
    return bencoded == null && seq == null
        ? null
        : new Reply.Value(bencoded, key == null ? null : key.bytes(), sized(signature), seq);
  }

  private static byte @Nullable [] sized(Bencoded.@Nullable Text signature) {
    return signature == null || signature.length() != Item.SIGNATURE_BYTES
        ? null
        : signature.bytes();
  }

  private static Reply.@Nullable Samples samples(Bencoded.Dictionary values) {
    var samples = values.text("samples");
    if (samples == null) {
      return null;
    }
    var infoHashes = new ArrayList<Hash160>();
    int count = Math.min(samples.length() / Hash160.BYTES, SAMPLES_MAX);
    for (int i = 0; i < count; i++) {
      infoHashes.add(Hash160.at(samples.source(), samples.contentStart() + i * Hash160.BYTES));
    }
    var interval = values.integer("interval");
    var num = values.integer("num");
    return new Reply.Samples(
        infoHashes,
        interval == null ? 0 : Math.clamp(interval, 0, INTERVAL_MAX_SECONDS),
        num == null ? count : Math.clamp(num, 0, Integer.MAX_VALUE));
  }

  private static @Nullable Krpc refused(Bencoded.Dictionary message, byte[] transactionId) {
    var error = message.items("e");
    if (error == null
        || error.values().size() < 2
        || !(error.values().get(0) instanceof Bencoded.Int code)
        || !(error.values().get(1) instanceof Bencoded.Text text)) {
      return null;
    }
    int number = Math.clamp(code.value(), 0, Integer.MAX_VALUE);
    int length = Math.min(text.length(), ERROR_TEXT_BYTES_MAX);
    var words = new String(text.source(), text.contentStart(), length, StandardCharsets.UTF_8);
    return new Krpc.Refused(transactionId, number, words, ip(message));
  }

  // Parts

  private static @Nullable Endpoint ip(Bencoded.Dictionary message) {
    var ip = message.text("ip");
    return ip == null ? null : CompactNodes.peer(ip.source(), ip.contentStart(), ip.length());
  }

  private static @Nullable Hash160 hash(Bencoded.Dictionary dictionary, String key) {
    var text = dictionary.text(key);
    return text == null || text.length() != Hash160.BYTES
        ? null
        : Hash160.at(text.source(), text.contentStart());
  }

  private static byte @Nullable [] token(Bencoded.Dictionary dictionary) {
    var token = dictionary.text("token");
    return token == null || token.length() > TOKEN_BYTES_MAX ? null : token.bytes();
  }

  private static byte[] bytes(Bencoded.Dictionary dictionary, String key) {
    var text = dictionary.text(key);
    return text == null ? NOTHING : text.bytes();
  }

  private static boolean isOne(Bencoded.Dictionary dictionary, String key) {
    var number = dictionary.integer(key);
    return number != null && number == 1;
  }
}
