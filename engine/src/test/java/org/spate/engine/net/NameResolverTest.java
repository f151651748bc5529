package org.spate.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spate.core.IpLiteral;

/** Names as a session that is bound looks them up, of a server of our own. */
class NameResolverTest {
  private static final int A = 1;
  private static final int TXT = 16;
  private static final int AAAA = 28;
  private static final int NO_SUCH_NAME = 3;
  private static final int FAILED = 2;

  /** Names and types to data; what is not here is no name. */
  private final Map<String, byte[]> records =
      Map.of(
          "one.test" + A, IpLiteral.parse("192.0.2.1"),
          "both.test" + A, IpLiteral.parse("192.0.2.2"),
          "both.test" + AAAA, IpLiteral.parse("2001:db8::2"),
          "says.test" + TXT, "\7BITTORR\3ENT".getBytes(StandardCharsets.US_ASCII),
          "cut.test" + TXT, "\377short".getBytes(StandardCharsets.ISO_8859_1));

  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private DatagramSocket server;
  private Transport transport;
  private NameResolver names;

  @BeforeEach
  void begin() throws IOException {
    var here = InetAddress.getLoopbackAddress();
    server = new DatagramSocket(0, here);
    Thread.ofVirtual().start(this::answerQuestions);
    transport = new Transport(1, true, null, Binding.to(here));
    var address = new InetSocketAddress(here, server.getLocalPort());
    names = new NameResolver(transport, null, () -> List.of(address));
  }

  @AfterEach
  void end() {
    names.close();
    transport.close(TimeUnit.SECONDS.toNanos(1));
    server.close();
  }

  /** As long as the socket is open. */
  private void answerQuestions() {
    var packet = new DatagramPacket(new byte[512], 512);
    try {
      while (true) {
        server.receive(packet);
        var answer = answer(packet.getData());
        server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private byte[] answer(byte[] packet) {
    var name = new StringBuilder();
    int at = 12;
    for (; packet[at] != 0; at += 1 + packet[at]) {
      name.append(name.isEmpty() ? "" : ".");
      name.append(new String(packet, at + 1, packet[at], StandardCharsets.US_ASCII));
    }
    asked.add(name.toString());
    int type = packet[at + 2];
    var data = records.get(name.toString() + type);
    boolean isKnown = records.keySet().stream().anyMatch(key -> key.startsWith(name.toString()));
    var out = new ByteArrayOutputStream();
    out.write(packet, 0, at + 5);
    if (data != null) {
      out.writeBytes(new byte[] {(byte) 0xC0, 12, 0, (byte) type, 0, 1, 0, 0, 1, 0, 0});
      out.write(data.length);
      out.writeBytes(data);
    }
    var answer = out.toByteArray();
    int code = name.toString().equals("broken.test") ? FAILED : isKnown ? 0 : NO_SUCH_NAME;
    answer[2] = (byte) 0x81;
    answer[3] = (byte) (0x80 | code);
    answer[7] = (byte) (data == null ? 0 : 1);
    answer[11] = 0;
    return answer;
  }

  private List<String> addresses(String host) throws Exception {
    var answer = new CompletableFuture<List<InetAddress>>();
    var loop = transport.nextLoop();
    names.resolve(
        host,
        loop,
        found -> {
          loop.assertCurrent();
          answer.complete(found);
        });
    return answer.get(30, TimeUnit.SECONDS).stream().map(InetAddress::getHostAddress).toList();
  }

  private NameResolver.@Nullable Texts texts(String host) throws Exception {
    var answer = new CompletableFuture<NameResolver.@Nullable Texts>();
    names.texts(host, transport.nextLoop(), answer::complete);
    return answer.get(30, TimeUnit.SECONDS);
  }

  @Test
  void namesLeadToAddressesOfBothFamilies() throws Exception {
    assertThat(addresses("one.test")).containsExactly("192.0.2.1");
    assertThat(addresses("both.test"))
        .containsExactlyInAnyOrder("192.0.2.2", "2001:db8:0:0:0:0:0:2");
    assertThat(addresses("none.test")).isEmpty();
    assertThat(addresses("broken.test")).isEmpty();
    assertThat(asked).contains("one.test", "both.test", "none.test", "broken.test");
  }

  @Test
  void literalsAndWhatTheHostsFileHasAreAskedOfNobody() throws Exception {
    assertThat(addresses("192.0.2.9")).containsExactly("192.0.2.9");
    assertThat(addresses("2001:db8::9")).containsExactly("2001:db8:0:0:0:0:0:9");
    assertThat(addresses("localhost")).contains("127.0.0.1");
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "a..b", "a b", "-\u0000.test", "xn--\uffff.test"})
  void whatIsNoNameHasNoAddress(String host) throws Exception {
    assertThat(addresses(host)).isEmpty();
    assertThat(addresses("x".repeat(64) + ".test")).isEmpty();
    assertThat(addresses("x.".repeat(127) + "test")).isEmpty();
    assertThat(texts(host)).isNull();
    assertThat(texts("x".repeat(64) + ".test")).isNull();
    assertThat(texts("localhost")).isNull();
    assertThat(asked).isEmpty();
  }

  @Test
  void textsArePutTogetherAndCutWhereTheyEnd() throws Exception {
    assertThat(texts("says.test")).isEqualTo(new NameResolver.Texts(List.of("BITTORRENT"), 256));
    assertThat(texts("cut.test").texts()).containsExactly("short");
  }

  @Test
  void whoSaysNothingIsNotWhoDidNotAnswer() throws Exception {
    assertThat(texts("one.test").texts()).isEmpty();
    assertThat(texts("none.test").texts()).isEmpty();
    server.close();
    assertThat(texts("says.test")).isNull();
  }

  @Test
  void withoutServersNothingIsKnownButTheHostsFile() throws Exception {
    names = new NameResolver(transport, null, List::of);
    assertThat(addresses("one.test")).isEmpty();
    assertThat(addresses("localhost")).contains("127.0.0.1");
    assertThat(texts("says.test")).isNull();
    assertThat(asked).isEmpty();
  }

  @Test
  void aNameBeforeThereIsASessionIsLookedUpTheSameWay() {
    var bound = Binding.to(InetAddress.getLoopbackAddress());
    assertThat(NameResolver.lookUp("localhost", bound))
        .extracting(InetAddress::getHostAddress)
        .contains("127.0.0.1");
    assertThat(NameResolver.lookUp("192.0.2.9", bound)).hasSize(1);
  }
}
