package org.spate.app.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A home behind a router with NAT, as Linux does it: masquerading, and from outside only what
 * belongs to something that went out, or that miniupnpd lets in. The outside is a {@link Lab},
 * where addresses are such as the world has.
 */
final class Home implements AutoCloseable {
  private final int number;
  private final Lab router;
  private final Lab inside;
  private final Path scratch;

  private Home(int number, Lab router, Lab inside, Path scratch) {
    this.number = number;
    this.router = router;
    this.inside = inside;
    this.scratch = scratch;
  }

  /** An address of the outside. */
  static String outside(int i) {
    return "45.0.0." + i;
  }

  /** Makes a lab an outside, with some addresses. */
  static void openOutside(Lab lab) {
    lab.run("echo 1 >/proc/sys/net/ipv4/ip_forward");
    for (int i = 1; i <= 4; i++) {
      lab.run("ip address add " + outside(i) + "/32 dev lo");
    }
  }

  /** Builds the i-th home at an outside. */
  static Home build(Lab lab, int i, Path scratch) {
    var router = lab.another();
    var inside = lab.another();
    var home = new Home(i, router, inside, scratch);
    lab.join("net" + i, "45.1." + i + ".1/24", router, "wan", home.external() + "/24");
    router.join("lan", "192.168." + i + ".1/24", inside, "eth", home.address() + "/24");
    router.run("ip route add default via 45.1." + i + ".1");
    router.run("echo 1 >/proc/sys/net/ipv4/ip_forward");
    inside.run("ip route add default via 192.168." + i + ".1");
    home.filter();
    return home;
  }

  /** The address of the router in the world. */
  String external() {
    return "45.1." + number + ".2";
  }

  /** The address of who lives here. */
  String address() {
    return "192.168." + number + ".2";
  }

  /** The namespace of who lives here. */
  Lab inside() {
    return inside;
  }

  private void filter() {
    var rules =
        """
        table inet filter {
          chain forward {
            type filter hook forward priority 0; policy drop;
            ct state established,related accept
            iifname lan accept
            jump miniupnpd
          }
          chain miniupnpd { }
          chain input {
            type filter hook input priority 0; policy accept;
            ct state established,related accept
            iifname wan drop
          }
          chain prerouting {
            type nat hook prerouting priority -100;
            jump prerouting_miniupnpd
          }
          chain postrouting {
            type nat hook postrouting priority 100;
            jump postrouting_miniupnpd
            oifname wan masquerade
          }
          chain prerouting_miniupnpd { }
          chain postrouting_miniupnpd { }
        }
        """;
    router.run("nft -f " + write("rules", rules));
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(scratch.resolve(name + number), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the router's daemon. */
  Running startMiniupnpd(String... options) {
    var config =
        """
        ext_ifname=wan
        listening_ip=lan
        http_port=0
        secure_mode=yes
        min_lifetime=120
        upnp_table_name=filter
        upnp_nat_table_name=filter
        upnp_forward_chain=miniupnpd
        upnp_nat_chain=prerouting_miniupnpd
        upnp_nat_postrouting_chain=postrouting_miniupnpd
        uuid=00000000-0000-0000-0000-00000000000%d
        %s
        allow 1024-65535 0.0.0.0/0 1024-65535
        """
            .formatted(number, String.join("\n", options));
    var file = write("miniupnpd.conf", config);
    var pid = scratch.resolve("miniupnpd.pid" + number);
    return router.start(
        scratch, List.of("miniupnpd", "-d", "-f", file.toString(), "-P", pid.toString()));
  }

  /** What comes from outside to whom, as rules of the router. */
  String mappings() {
    return router.run("nft list chain inet filter prerouting_miniupnpd");
  }

  /** Prints each rule that the router gets. */
  Running watchMappings() {
    return router.start(scratch, List.of("stdbuf", "-oL", "nft", "monitor", "new", "rules"));
  }

  /** Forgets them, as a router does that restarts. */
  void forgetMappings() {
    router.run(
        "for c in prerouting_miniupnpd postrouting_miniupnpd miniupnpd; do"
            + " nft flush chain inet filter $c; done");
  }

  @Override
  public void close() {
    inside.close();
    router.close();
  }
}
