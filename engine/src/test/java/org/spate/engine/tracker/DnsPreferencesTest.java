package org.spate.engine.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.TrackerFailure;
import org.spate.core.announce.TrackerResponse;
import org.spate.core.crypto.EncryptionMode;
import org.spate.engine.net.Binding;
import org.spate.engine.net.NameResolver;
import org.spate.engine.net.Network;
import org.spate.engine.net.NetworkSettings;

/** Announces go where the host of a tracker wants them (BEP 34), as a name server tells. */
class DnsPreferencesTest {
  private static final AnnounceRequest REQUEST =
      new AnnounceRequest(
          Hash160.sha1(new byte[1], 0, 1),
          new PeerId(Hash160.sha1(new byte[2], 0, 2)),
          6881,
          0,
          0,
          1,
          AnnounceEvent.STARTED,
          50,
          7);
  private static final byte[] GOOD = "d8:intervali900e5:peers0:e".getBytes(StandardCharsets.UTF_8);

  private final InetAddress here = InetAddress.getLoopbackAddress();
  private final AtomicInteger questions = new AtomicInteger();
  private DatagramSocket nameServer;
  private volatile String record = "";
  private HttpServer tracker;
  private Network network;
  private TrackerClient client;

  @BeforeEach
  void begin() throws IOException {
    nameServer = new DatagramSocket(0, here);
    Thread.ofVirtual().start(this::answerQuestions);
    tracker = HttpServer.create(new InetSocketAddress(here, 0), 0);
    tracker.createContext(
        "/announce",
        exchange -> {
          exchange.sendResponseHeaders(200, GOOD.length);
          exchange.getResponseBody().write(GOOD);
          exchange.close();
        });
    tracker.start();
    network =
        new Network(
            new NetworkSettings(
                Binding.ANY,
                0,
                1,
                true,
                10,
                10,
                TimeUnit.SECONDS.toNanos(1),
                true,
                false,
                EncryptionMode.OFF,
                null,
                false,
                0,
                0));
    var server = new InetSocketAddress(here, nameServer.getLocalPort());
    var names = new NameResolver(network.transport(), _ -> List.of(here), () -> List.of(server));
    client = new TrackerClient(network, false, "Spate/test", names);
  }

  @AfterEach
  void end() {
    network.close(TimeUnit.SECONDS.toNanos(1));
    tracker.stop(0);
    nameServer.close();
  }

  /** As long as the socket is open. */
  private void answerQuestions() {
    var packet = new DatagramPacket(new byte[512], 512);
    try {
      while (true) {
        nameServer.receive(packet);
        questions.incrementAndGet();
        var question = question(packet.getData());
        var answer = answer(question, record);
        nameServer.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      // closed
    }
  }

  /** Header and question, without what may follow (RFC 6891). */
  private static byte[] question(byte[] packet) {
    int end = 12;
    while (packet[end] != 0) {
      end++;
    }
    var question = Arrays.copyOf(packet, end + 5);
    question[11] = 0;
    return question;
  }

  private static byte[] answer(byte[] question, String text) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(question);
    out.writeBytes(new byte[] {(byte) 0xC0, 12, 0, 16, 0, 1, 0, 0, 1, 0, 0});
    out.write(text.length() + 1);
    out.write(text.length());
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    var packet = out.toByteArray();
    packet[2] = (byte) 0x81;
    packet[7] = 1;
    return packet;
  }

  private TrackerResponse announce(String url) throws Exception {
    var answer = new CompletableFuture<TrackerResponse>();
    var loop = network.nextLoop();
    loop.execute(() -> client.announce(url, REQUEST, loop, answer::complete));
    return answer.get(30, TimeUnit.SECONDS);
  }

  private int trackerPort() {
    return tracker.getAddress().getPort();
  }

  @Test
  void theUrlIsMendedWhereItsHostSaysWhereTheTrackerIs() throws Exception {
    record = "BITTORRENT TCP:" + trackerPort();

    assertThat(announce("http://tracker.example:1/announce")).isInstanceOf(AnnounceReply.class);
    assertThat(announce("udp://tracker.example:1")).isInstanceOf(AnnounceReply.class);
    assertThat(questions).hasValue(1);
  }

  @Test
  void aHostThatSaysNothingIsAskedAsTheUrlHasIt() throws Exception {
    record = "v=spf1 -all";

    var url = "http://tracker.example:" + trackerPort() + "/announce";
    assertThat(announce(url)).isInstanceOf(AnnounceReply.class);
    assertThat(announce(url)).isInstanceOf(AnnounceReply.class);
    assertThat(questions).hasValue(1);
  }

  @Test
  void aHostWithoutATrackerIsLeftAlone() throws Exception {
    record = "BITTORRENT DENY ALL";

    assertThat(announce("http://tracker.example:" + trackerPort() + "/announce"))
        .isInstanceOfSatisfying(
            TrackerFailure.class, failure -> assertThat(failure.reason()).contains("BEP 34"));
  }

  @Test
  void theNextPortIsTriedAfterOneThatDoesNotAnswer() throws Exception {
    record = "BITTORRENT TCP:1 TCP:" + trackerPort();

    assertThat(announce("http://tracker.example/announce")).isInstanceOf(TrackerFailure.class);
    assertThat(announce("http://tracker.example/announce")).isInstanceOf(AnnounceReply.class);
  }

  @Test
  void withoutANameServerTheUrlCounts() throws Exception {
    nameServer.close();

    assertThat(announce("http://tracker.example:" + trackerPort() + "/announce"))
        .isInstanceOf(AnnounceReply.class);
  }

  @Test
  void addressesAreNotLookedUp() throws Exception {
    assertThat(announce("http://127.0.0.1:" + trackerPort() + "/announce"))
        .isInstanceOf(AnnounceReply.class);
    assertThat(questions).hasValue(0);
  }
}
