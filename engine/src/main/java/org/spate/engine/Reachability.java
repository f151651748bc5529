package org.spate.engine;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.spate.core.Endpoint;
import org.spate.core.portmap.LocalPort;
import org.spate.core.portmap.Via;
import org.spate.engine.net.Network;
import org.spate.engine.portmap.PortMapListener;
import org.spate.engine.portmap.PortMapService;

/** Where peers reach a session: at its own port, or at what a home router maps to that. */
final class Reachability {
  private final Network network;
  private final Events events;
  private final Runnable onPortChanged;
  private final @Nullable PortMapService service;
  private volatile int mappedPort; // of IPv4; 0 if there is none
  private volatile int mappedTlsPort;

  /**
   * @param wantMapping whether home routers are asked
   * @param onPortChanged called on some loop when {@link #port} has changed
   */
  Reachability(Network network, boolean wantMapping, Events events, Runnable onPortChanged) {
    this.network = network;
    this.events = events;
    this.onPortChanged = onPortChanged;
    this.service = wantMapping ? new PortMapService(network, new Listener()) : null;
  }

  /** The port to tell trackers, nodes and peers; 0 if there is none. */
  int port() {
    int mapped = mappedPort;
    return mapped == 0 ? network.port() : mapped;
  }

  /** The same for torrents that want TLS. */
  int tlsPort() {
    int mapped = mappedTlsPort;
    return mapped == 0 ? network.tlsPort() : mapped;
  }

  /** Has the ports mapped from now on that are open; again when there are others. */
  void begin() {
    if (service == null) {
      return;
    }
    var ports = new ArrayList<LocalPort>();
    if (network.isListening()) {
      ports.add(new LocalPort(LocalPort.Protocol.TCP, network.port()));
    }
    if (network.tlsPort() != 0) {
      ports.add(new LocalPort(LocalPort.Protocol.TCP, network.tlsPort()));
    }
    if (network.udp().isOpen()) {
      ports.add(new LocalPort(LocalPort.Protocol.UDP, network.udp().number()));
    }
    service.begin(ports);
  }

  /** Gives back what is mapped; done when that is, or soon. */
  CompletableFuture<Void> close() {
    return service == null ? CompletableFuture.completedFuture(null) : service.close();
  }

  private final class Listener implements PortMapListener {
    @Override
    public void mapped(LocalPort port, Endpoint external, Via via) {
      events.tell(new SessionEvent.PortMapped(port, external, via));
      if (external.isV4()) {
        change(port, external.port());
      }
    }

    @Override
    public void unmapped(LocalPort port, boolean v6) {
      events.tell(new SessionEvent.PortUnmapped(port, v6));
      if (!v6) {
        change(port, 0);
      }
    }

    @Override
    public void refused(Via via, String reason) {
      events.tell(new SessionEvent.PortRefused(via, reason));
    }

    /** Peers are told one number for TCP and uTP; where both are there it is that of TCP. */
    private boolean isForPeers(LocalPort port) {
      return port.number() == network.port()
          && (port.protocol() == LocalPort.Protocol.TCP || !network.isListening());
    }

    private boolean isForTls(LocalPort port) {
      return port.number() == network.tlsPort() && port.protocol() == LocalPort.Protocol.TCP;
    }

    private void change(LocalPort port, int mapped) {
      int before = port();
      int tlsBefore = tlsPort();
      if (isForPeers(port)) {
        mappedPort = mapped;
      } else if (isForTls(port)) {
        mappedTlsPort = mapped;
      }
      if (port() != before || tlsPort() != tlsBefore) {
        onPortChanged.run();
      }
    }
  }
}
