package org.spate.engine.tracker;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.IpLiteral;
import org.spate.core.announce.DnsText;
import org.spate.engine.net.Binding;

/**
 * The name servers that the system uses, asked for TXT records, which the JDK cannot without JNDI.
 * Where the system does not name them in the usual file there are none. Blocks, for a bounded time.
 */
final class NameServers {
  private static final Path CONFIGURATION = Path.of("/etc/resolv.conf");
  private static final int PORT = 53;
  private static final int SERVERS_MAX = 2;
  private static final int TIMEOUT_MILLIS = 1_500;

  private final SecureRandom random = new SecureRandom();
  private final List<InetSocketAddress> servers;
  private final Binding binding;

  NameServers(List<InetSocketAddress> servers, Binding binding) {
    this.servers = List.copyOf(servers);
    this.binding = binding;
  }

  /**
   * Those of the system; none where everything is to leave by one interface, to which these sockets
   * cannot be bound.
   */
  static NameServers ofSystem(Binding binding) {
    if (binding.device() != null) {
      return new NameServers(List.of(), binding);
    }
    try {
      return new NameServers(parse(Files.readAllLines(CONFIGURATION)), binding);
    } catch (IOException e) {
      return new NameServers(List.of(), binding);
    }
  }

  static List<InetSocketAddress> parse(List<String> lines) throws IOException {
    var found = new ArrayList<InetSocketAddress>();
    for (var line : lines) {
      var words = line.strip().split("\\s+", -1);
      var address =
          words.length > 1 && words[0].equals("nameserver") ? IpLiteral.parse(words[1]) : null;
      if (address != null && found.size() < SERVERS_MAX) {
        found.add(new InetSocketAddress(InetAddress.getByAddress(address), PORT));
      }
    }
    return found;
  }

  /** What a host says of itself; null if nobody answers. */
  DnsText.@Nullable Texts texts(String host) {
    for (var server : servers) {
      var question = DnsText.question(random.nextInt(1 << 16), host);
      var texts = question == null ? null : ask(server, question);
      if (texts != null) {
        return texts;
      }
    }
    return null;
  }

  /** From a port by chance, and nobody but the server is heard. */
  private DnsText.@Nullable Texts ask(InetSocketAddress server, byte[] question) {
    var from = binding.source(server.getAddress());
    try (var socket = from == null ? new DatagramSocket() : new DatagramSocket(from)) {
      socket.connect(server);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.send(new DatagramPacket(question, question.length));
      var packet =
          new DatagramPacket(new byte[DnsText.DATAGRAM_BYTES_MAX], DnsText.DATAGRAM_BYTES_MAX);
      socket.receive(packet);
      return DnsText.answer(Arrays.copyOf(packet.getData(), packet.getLength()), question);
    } catch (IOException e) {
      return null;
    }
  }
}
