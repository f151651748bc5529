package org.spate.app.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spate.core.Endpoint;
import org.spate.core.swarm.PeerSource;
import org.spate.core.swarm.Route;
import org.spate.core.swarm.Route.Encryption;
import org.spate.core.swarm.Route.Transport;
import org.spate.core.swarm.SwarmStatus;
import org.spate.core.swarm.SwarmStatus.PeerStatus;

/** Neighbours are counted by where they come from and how they are reached. */
class PeerSummaryTest {
  private static PeerStatus peer(PeerSource source, Route route) {
    var remote = Endpoint.v4(0x2D000001, 6881);
    return new PeerStatus(
        0, remote, false, source, route, null, 0, true, true, true, true, false, 0, 0, 0, 0, 0, 0);
  }

  private static SwarmStatus swarm(List<PeerStatus> peers) {
    return new SwarmStatus(1, 0, 1, 0, 1, 0, 0, 0, 0, 0, false, false, 0, null, peers);
  }

  @Test
  void all_kinds_are_counted() {
    var punched = new Route(Transport.UTP, Encryption.PLAIN, false, true);
    var encrypted = new Route(Transport.TCP, Encryption.RC4, true);
    var peers =
        Stream.of(
                peer(PeerSource.TRACKER, Route.PLAIN_TCP),
                peer(PeerSource.PEX, punched),
                peer(PeerSource.DHT, encrypted),
                peer(PeerSource.TRACKER, encrypted),
                peer(PeerSource.WEB_SEED, Route.PLAIN_TCP))
            .toList();

    assertThat(PeerSummary.of(swarm(peers)).text())
        .isEqualTo(
            "4 peers: 2 tracker, 1 dht, 1 pex; 3 tcp, 1 utp;"
                + " 2 encrypted, 2 by proxy, 1 by holepunch");
  }

  @Test
  void what_there_is_none_of_is_not_named() {
    var peers = List.of(peer(PeerSource.LSD, Route.PLAIN_TCP));

    assertThat(PeerSummary.of(swarm(peers)).text()).isEqualTo("1 peer: 1 lsd; 1 tcp");
  }
}
