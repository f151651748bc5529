package org.spate.engine;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.spate.core.crypto.EncryptionMode;
import org.spate.core.dht.DhtInput;
import org.spate.core.dht.DhtOutput;
import org.spate.core.dht.DhtSettings;
import org.spate.core.proxy.ProxyUrl;
import org.spate.engine.dht.DhtService;
import org.spate.engine.dht.Routers;
import org.spate.engine.net.Binding;
import org.spate.engine.net.Network;
import org.spate.engine.net.NetworkSettings;

/**
 * A visitor to the DHT: asks it something without a session, answers nobody (BEP 43), and leaves
 * nothing behind.
 */
public final class DhtClient implements AutoCloseable {
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Network network;
  private final DhtService service;

  private DhtClient(Network network, List<String> routers) {
    this.network = network;
    this.service =
        new DhtService(
            network.udp(),
            DhtSettings.VISITOR,
            new Routers(routers, _ -> false, network.names()),
            null,
            new SecureRandom());
  }

  /**
   * Opens a UDP port.
   *
   * @param bind the local address to ask from, or null for any, of both families
   * @param port 0 for any
   * @param routers {@code host:port} of nodes to join the DHT by
   * @param proxy one of SOCKS5 that everything goes through, or null
   * @throws TorrentException LISTEN if the address is not to be had
   */
  public static DhtClient open(
      @Nullable InetAddress bind, int port, List<String> routers, @Nullable ProxyUrl proxy) {
    var settings =
        new NetworkSettings(
            Binding.to(bind),
            port,
            1,
            true,
            1,
            1,
            CLOSE_NANOS,
            true,
            false,
            EncryptionMode.OFF,
            proxy,
            false,
            0,
            0);
    var client = new DhtClient(new Network(settings), routers);
    if (!client.network.listenUdp()) {
      client.close();
      throw new TorrentException(
          TorrentException.Reason.LISTEN, "no UDP port is to be had at that address", null);
    }
    client.service.open();
    return client;
  }

  /**
   * Asks one question and waits for the end.
   *
   * @param question is given the ticket that its answers carry
   * @param answer is called for each answer as it comes, on the calling thread
   */
  public DhtOutput.Ended ask(LongFunction<DhtInput> question, Consumer<DhtOutput> answer)
      throws InterruptedException {
    var answers = new LinkedBlockingQueue<DhtOutput>();
    service.ask(question, answers::add);
    while (true) {
      var next = answers.take();
      if (next instanceof DhtOutput.Ended ended) {
        return ended;
      }
      answer.accept(next);
    }
  }

  @Override
  public void close() {
    service.close().join();
    network.close(CLOSE_NANOS);
  }
}
