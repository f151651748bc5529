package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A seed behind a real NAT has miniupnpd map its ports, and who is outside downloads from it. */
@Tag("interop")
class PortMapTest {
  private static final int SECONDS = 60;

  @TempDir Path scratch;
  private Lab lab;
  private Home home;
  private Path complete;
  private Path torrent;

  @BeforeEach
  void open() throws IOException {
    lab = Lab.open();
    Home.openOutside(lab);
    home = Home.build(lab, 1, scratch);
    complete = Files.createDirectory(scratch.resolve("complete"));
    Payloads.file(complete, "home.bin", 1_000_000);
    torrent = scratch.resolve("home.torrent");
    var create =
        new Clients(lab, scratch).spate("create", complete.resolve("home.bin"), "-o", torrent);
    assertThat(create.awaitExit(SECONDS)).as(create.tail()).isZero();
  }

  @AfterEach
  void close() {
    home.close();
    lab.close();
  }

  private Running seed(List<?>... more) {
    var arguments =
        new ArrayList<Object>(
            List.of("seed", torrent, "-d", complete, "--port", Clients.PORT, "--json"));
    Stream.of(more).forEach(arguments::addAll);
    return new Clients(home.inside(), scratch).spate(arguments.toArray());
  }

  private static boolean isMapped(String line, String protocol) {
    return line.contains("\"event\":\"port_mapped\"")
        && line.contains("\"protocol\":\"" + protocol + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "PCP, enable_natpmp=yes, enable_upnp=yes",
    "UPnP, enable_natpmp=no, force_igd_desc_v1=yes",
    "UPnP, enable_natpmp=no, force_igd_desc_v1=no"
  })
  void who_is_outside_reaches_a_seed_at_home(String by, String option, String other)
      throws IOException {
    home.startMiniupnpd(option, other).awaitError(line -> line.contains("listening on"), SECONDS);
    var seed = seed();
    var external = home.external() + ":" + Clients.PORT;

    assertThat(seed.awaitLine(line -> isMapped(line, "tcp"), SECONDS))
        .contains("\"external\":\"" + external + "\"", "\"by\":\"" + by + "\"");
    assertThat(seed.awaitLine(line -> isMapped(line, "udp"), SECONDS)).contains(external);
    Clients.awaitSeeding(seed, SECONDS);
    var transports = by.equals("PCP") ? List.of("--no-utp", "--no-tcp") : List.of("--no-utp");
    for (var transport : transports) {
      var copy = Files.createDirectory(scratch.resolve("copy" + transport));
      var get =
          new Clients(lab, scratch)
              .spateGet(Home.outside(1), torrent, copy, "--peer", external, "--no-seed", transport);
      assertThat(get.awaitExit(SECONDS)).as(get.tail() + seed.tail()).isZero();
      Payloads.assertSame(complete, copy);
    }

    assertThat(home.mappings()).contains(home.address() + ":" + Clients.PORT);
    seed.terminate();
    seed.awaitExit(SECONDS);
    assertThat(home.mappings()).doesNotContain(home.address());
  }

  @Test
  void the_port_of_ssl_torrents_is_mapped_as_well() throws IOException {
    var authority = Authority.make(scratch);
    var identity = authority.issue("DNS:*");
    var payload = complete.resolve("home.bin");
    Files.delete(torrent);
    Clients.create(payload, "-o", torrent, "--ssl-cert", authority.certificate());
    home.startMiniupnpd("enable_natpmp=yes");
    var certified = List.of("--ssl-cert", identity.certificate(), "--ssl-key", identity.key());
    int port = Clients.PORT + 1;
    var seed = seed(certified, List.of("--ssl-port", port));
    var external = home.external() + ":" + port;
    seed.awaitLine(line -> isMapped(line, "tcp") && line.contains(external), SECONDS);
    Clients.awaitSeeding(seed, SECONDS);

    var copy = Files.createDirectory(scratch.resolve("copy"));
    var options =
        Stream.concat(Stream.of("--peer", external, "--no-seed"), certified.stream()).toArray();
    var get = new Clients(lab, scratch).spateGet(Home.outside(1), torrent, copy, options);

    assertThat(get.awaitExit(SECONDS)).as(get.tail() + seed.tail()).isZero();
    Payloads.assertSame(complete, copy);
  }

  @Test
  void a_router_that_restarts_gets_the_mappings_again() {
    // Its clock is the machine's, which tells one router from the next however soon that comes.
    var router = home.startMiniupnpd("enable_natpmp=yes", "system_uptime=yes");
    var seed = seed();
    seed.awaitLine(line -> isMapped(line, "udp"), SECONDS);
    router.kill();
    home.forgetMappings();
    assertThat(home.mappings()).doesNotContain(home.address());

    var changes = home.watchMappings();
    home.startMiniupnpd("enable_natpmp=yes");

    changes.awaitLine(line -> line.contains(home.address() + ":" + Clients.PORT), SECONDS);
  }

  @Test
  void without_a_router_that_maps_ports_nothing_is_said_of_it() {
    var seed = seed();
    Clients.awaitSeeding(seed, SECONDS);
    seed.terminate();
    seed.awaitExit(SECONDS);

    assertThat(seed.lines()).noneMatch(line -> line.contains("port_"));
  }
}
