package org.spate.app.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/** Every packet of a namespace that is not what it should be, as tshark sees them. */
final class Capture {
  private static final int SECONDS = 30;
  private static final int MARK_PORT = 9;

  private final Lab lab;
  private final Running tshark;

  private Capture(Lab lab, Running tshark) {
    this.lab = lab;
    this.tshark = tshark;
  }

  /**
   * Begins to watch.
   *
   * @param device a network interface, or {@code any}
   * @param expected a display filter for the packets that are in order; what the kernel itself
   *     sends to find neighbours always is
   */
  static Capture of(Lab lab, Path scratch, String device, String expected) {
    // Those of the shore, host 1 of every network, that joins a group say so here, too.
    var kernels = "arp or icmpv6 or icmp or (igmp and ip.src[3:1] == 01)";
    var command =
        List.of(
            "tshark",
            "-l",
            "-n",
            "-i",
            device,
            "-Y",
            "not (%s or %s)".formatted(kernels, expected));
    var tshark = lab.start(scratch, command);
    tshark.awaitError(line -> line.startsWith("Capturing on"), SECONDS);
    var capture = new Capture(lab, tshark);
    capture.mark("192.0.2.1"); // it takes a moment after the word
    return capture;
  }

  /** Sends packets that are not in order until one is seen. */
  private void mark(String address) {
    var sender =
        lab.start(
            Path.of("."),
            List.of(
                "bash",
                "-c",
                "while sleep 0.1; do echo > /dev/udp/%s/%d; done".formatted(address, MARK_PORT)));
    tshark.awaitLine(line -> line.contains(address), SECONDS);
    sender.kill();
  }

  /** Asserts that there were no others up to now. */
  void assertNothingElse() {
    mark("192.0.2.2");
    assertThat(tshark.lines()).allMatch(line -> line.contains("192.0.2."));
  }
}
