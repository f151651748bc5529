package org.spate.engine.dht;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.random.RandomGenerator;
import org.spate.core.bencode.BencodeWriter;
import org.spate.engine.net.UdpPort;

/**
 * Finds nodes that are known by name where only a proxy may resolve names: each is pinged by its
 * name, and who answers to that ping is the node. On the port's loop.
 */
final class Introductions {
  private static final int ID_BYTES = 20;

  /** Long enough that nobody guesses it, unlike those of the DHT's own queries. */
  private static final int TRANSACTION_BYTES = 16;

  private final UdpPort port;
  private final byte[] id = new byte[ID_BYTES];
  private final byte[] transaction = new byte[TRANSACTION_BYTES];

  Introductions(UdpPort port, RandomGenerator random) {
    this.port = port;
    random.nextBytes(id);
    random.nextBytes(transaction);
  }

  void ask(List<Routers.Name> names) {
    for (var name : names) {
      port.write(name.host(), name.port(), Unpooled.wrappedBuffer(ping()));
    }
    port.flush();
  }

  /** A query of BEP 5 by somebody who answers none (BEP 43). */
  private byte[] ping() {
    var writer = new BencodeWriter().beginDictionary();
    writer.key("a").beginDictionary().key("id").text(id).end();
    writer.key("q").text("ping").key("ro").integer(1);
    writer.key("t").text(transaction).key("y").text("q");
    return writer.end().toBytes();
  }

  /** Whether a datagram answers such a ping. */
  boolean isAnswer(ByteBuf datagram) {
    return ByteBufUtil.indexOf(Unpooled.wrappedBuffer(transaction), datagram) >= 0;
  }
}
