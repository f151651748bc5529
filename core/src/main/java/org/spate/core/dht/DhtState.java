package org.spate.core.dht;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.bencode.BencodeException;
import org.spate.core.bencode.BencodeLimits;
import org.spate.core.bencode.BencodeReader;
import org.spate.core.bencode.BencodeWriter;
import org.spate.core.bencode.Bencoded;

/**
 * What a later run of the DHT begins with; plain data.
 *
 * @param nodes one for each address that the DHT was used at
 */
public record DhtState(List<SavedNode> nodes) {
  public static final DhtState EMPTY = new DhtState(List.of());

  /** A file that is longer is not ours. */
  public static final int BYTES_MAX = 1 << 20;

  private static final int NODES_MAX = 16;
  private static final int CONTACTS_MAX = 200;
  private static final int VERSION = 1;
  private static final BencodeLimits LIMITS = new BencodeLimits(8, 1_000, true);

  /**
   * One node.
   *
   * @param id which fits the address it had (BEP 42)
   * @param contacts who answered it
   */
  public record SavedNode(boolean v6, Hash160 id, List<NodeInfo> contacts) {}

  /** The state as bencode. */
  public byte[] bytes() {
    var writer = new BencodeWriter().beginDictionary().key("nodes").beginList();
    for (var node : nodes) {
      var contacts = node.contacts().subList(0, Math.min(CONTACTS_MAX, node.contacts().size()));
      writer
          .beginDictionary()
          .key("contacts")
          .text(CompactNodes.nodes(contacts, node.v6()))
          .key("id")
          .text(node.id().bytes())
          .key("v6")
          .integer(node.v6() ? 1 : 0)
          .end();
    }
    return writer.end().key("version").integer(VERSION).end().toBytes();
  }

  /** Reads what {@link #bytes} wrote; what makes no sense is left out (threat 71). */
  public static DhtState parse(byte[] bytes) {
    var saved = new ArrayList<SavedNode>();
    try {
      if (bytes.length <= BYTES_MAX
          && BencodeReader.parse(bytes, LIMITS) instanceof Bencoded.Dictionary state) {
        readAll(state.items("nodes"), saved);
      }
    } catch (BencodeException _) {
      return EMPTY;
    }
    return new DhtState(List.copyOf(saved));
  }

  private static void readAll(Bencoded.@Nullable Items nodes, List<SavedNode> into) {
    if (nodes != null) {
      for (var value : nodes.values()) {
        if (into.size() < NODES_MAX && value instanceof Bencoded.Dictionary node) {
          read(node, into);
        }
      }
    }
  }

  private static void read(Bencoded.Dictionary node, List<SavedNode> into) {
    var id = node.text("id");
    var family = node.integer("v6");
    if (id == null || id.length() != Hash160.BYTES || family == null) {
      return;
    }
    var contacts = new ArrayList<NodeInfo>();
    CompactNodes.read(node.text("contacts"), family == 1, CONTACTS_MAX, contacts);
    into.add(new SavedNode(family == 1, Hash160.of(id.bytes()), List.copyOf(contacts)));
  }
}
