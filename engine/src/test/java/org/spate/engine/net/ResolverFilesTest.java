package org.spate.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which name servers of the system are asked. */
class ResolverFilesTest {
  @TempDir Path folder;

  private List<String> servers(Binding binding) {
    var files = List.of(folder.resolve("resolv.conf"), folder.resolve("uplinks.conf"));
    return new ResolverFiles(binding, files)
        .get().stream().map(server -> server.getAddress().getHostAddress()).toList();
  }

  private void write(String file, String... servers) throws IOException {
    var lines = Arrays.stream(servers).map(server -> "nameserver " + server + "\n").toList();
    Files.writeString(folder.resolve(file), String.join("", lines));
  }

  private static Binding bound(String addresses, String device) {
    var all = Arrays.stream(addresses.split(" ")).filter(word -> !word.isEmpty());
    return new Binding(all.map(InetAddress::ofLiteral).toList(), device);
  }

  @Test
  void theFileIsReadForWhatItSaysOfServers() throws IOException {
    Files.writeString(
        folder.resolve("resolv.conf"),
        """
        # nameserver 192.0.2.9
        search lan
        nameserver\t192.0.2.1
          nameserver 2001:db8::1
        nameserver
        nameserver fe80::1%eth0
        nameserver name.example
        nameserver 192.0.2.2
        nameserver 192.0.2.3
        """);

    assertThat(servers(Binding.ANY))
        .containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1", "192.0.2.2");
  }

  @ParameterizedTest
  @CsvSource({
    "'', , 127.0.0.53 192.0.2.1",
    "'', eth0, 192.0.2.1",
    "10.0.0.1, , 192.0.2.1",
    "10.0.0.1, eth0, 192.0.2.1",
    "fd00::1, , ''",
    "fd00::1 10.0.0.1, , 192.0.2.1",
    "127.0.0.1, , 127.0.0.53"
  })
  void theyAreOnThisMachineOnlyIfWeStayThereToo(String bind, String device, String expected)
      throws IOException {
    write("resolv.conf", "127.0.0.53", "192.0.2.1");

    assertThat(String.join(" ", servers(bound(bind, device)))).isEqualTo(expected);
  }

  @Test
  void whereOnlyThisMachineIsNamedThoseAreAskedWhomItAsks() throws IOException {
    write("resolv.conf", "127.0.0.53");
    write("uplinks.conf", "192.0.2.7", "192.0.2.8");

    assertThat(servers(bound("10.0.0.1", null))).containsExactly("192.0.2.7", "192.0.2.8");
    assertThat(servers(Binding.ANY)).containsExactly("127.0.0.53");
  }

  @Test
  void whatChangesInTheFileCounts() throws IOException {
    var files = new ResolverFiles(Binding.ANY, List.of(folder.resolve("resolv.conf")));
    assertThat(files.get()).isEmpty();
    write("resolv.conf", "192.0.2.1");
    assertThat(files.get()).hasSize(1);
  }
}
