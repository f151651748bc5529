package org.spate.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.lsd.Lsd;
import org.spate.core.lsd.LsdInput;
import org.spate.core.lsd.LsdOutput;
import org.spate.engine.net.Binding;
import org.spate.engine.net.Deadline;
import org.spate.engine.net.Loop;
import org.spate.engine.net.MulticastGroup;

/**
 * Drives the session's {@link Lsd} (BEP 14) on a loop: one for all torrents, over IPv4 and IPv6. No
 * socket is opened before the first torrent wants peers.
 */
final class LocalDiscovery {
  private static final int PORT = 6771;
  private static final List<String> GROUPS = List.of("239.192.152.143", "ff15::efc0:988f:6771");

  private final Loop loop;
  private final boolean isOn;
  private final Binding binding;
  private final IntSupplier listenPort;
  private final Lsd lsd;
  private final Deadline deadline;
  private final Map<Hash160, Consumer<Endpoint>> torrents = new LinkedHashMap<>();
  private final List<Group> groups = new ArrayList<>();
  private boolean isOpen;

  private record Group(MulticastGroup sockets, String host) {}

  /**
   * @param binding says from which interfaces and addresses to speak
   * @param cookie nobody else's
   */
  LocalDiscovery(Loop loop, boolean isOn, Binding binding, IntSupplier listenPort, String cookie) {
    this.loop = loop;
    this.isOn = isOn;
    this.binding = binding;
    this.listenPort = listenPort;
    this.lsd = new Lsd(cookie);
    this.deadline = loop.deadline(this::advance);
  }

  /**
   * Announces a torrent that is not private, and looks out for it.
   *
   * @param onFound called on the loop of the discovery
   */
  void join(Hash160 infoHash, Consumer<Endpoint> onFound) {
    if (isOn) {
      loop.execute(
          () -> {
            open();
            torrents.put(infoHash, onFound);
            accept(new LsdInput.Listening(listenPort.getAsInt()));
            accept(new LsdInput.Joined(infoHash));
          });
    }
  }

  void leave(Hash160 infoHash) {
    if (isOn) {
      loop.execute(
          () -> {
            torrents.remove(infoHash);
            accept(new LsdInput.Left(infoHash));
          });
    }
  }

  private void open() {
    if (isOpen) {
      return;
    }
    isOpen = true;
    for (var literal : GROUPS) {
      var address = InetAddress.ofLiteral(literal);
      var sockets =
          MulticastGroup.join(
              new InetSocketAddress(address, PORT),
              binding,
              (from, datagram) ->
                  loop.execute(() -> accept(new LsdInput.Received(from, datagram))));
      if (sockets != null) {
        var host = literal.contains(":") ? "[" + literal + "]" : literal;
        groups.add(new Group(sockets, host + ":" + PORT));
      }
    }
  }

  private void accept(LsdInput input) {
    lsd.accept(input, Loop.nowNanos());
    carryOut();
  }

  private void advance() {
    lsd.advance(Loop.nowNanos());
    carryOut();
  }

  private void carryOut() {
    for (var output = lsd.poll(); output != null; output = lsd.poll()) {
      switch (output) {
        case LsdOutput.Send(var message) ->
            groups.forEach(group -> group.sockets.send(message.encode(group.host)));
        case LsdOutput.Found(var infoHash, var peer) -> {
          var torrent = torrents.get(infoHash);
          if (torrent != null) {
            torrent.accept(peer);
          }
        }
      }
    }
    deadline.set(lsd.deadlineNanos(), Loop.nowNanos());
  }

  void close() {
    loop.execute(
        () -> {
          deadline.cancel();
          groups.forEach(group -> group.sockets.close());
          groups.clear();
        });
  }
}
