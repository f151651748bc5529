package org.spate.tracker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.PeerId;
import org.spate.core.announce.AnnounceEvent;
import org.spate.core.announce.AnnounceReply;
import org.spate.core.announce.AnnounceRequest;
import org.spate.core.announce.HttpResponseReader;
import org.spate.core.announce.HttpTarget;
import org.spate.core.announce.TrackerResponse;
import org.spate.core.announce.TrackerUrl;
import org.spate.core.announce.UdpRequest;
import org.spate.core.announce.UdpResponse;
import org.spate.core.tracker.Count;
import org.spate.core.tracker.TrackerStatistics;

/** Clients of a tracker over loopback: the JDK's HTTP client and raw sockets. */
final class Clients {
  static final Hash160 SWARM = Hash160.parse("631a31dd0a46257d5078c0dee4e66e26f73e42ac");
  static final int TIMEOUT_MILLIS = 10_000;

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Clients() {}

  static InetSocketAddress v4(int port) {
    return new InetSocketAddress(address(new byte[] {127, 0, 0, 1}), port);
  }

  static InetSocketAddress v6(int port) {
    var bytes = new byte[16];
    bytes[15] = 1;
    return new InetSocketAddress(address(bytes), port);
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Tracker start() {
    return Tracker.start(settings());
  }

  static TrackerSettings settings() {
    return TrackerSettings.on(List.of(v4(0)), List.of(v4(0)));
  }

  static AnnounceRequest request(int id, int port) {
    return request(SWARM, id, port);
  }

  static AnnounceRequest request(Hash160 swarm, int id, int port) {
    return new AnnounceRequest(
        swarm, new PeerId(new Hash160(id, 0, 0)), port, 0, 0, 1, AnnounceEvent.STARTED, -1, 0);
  }

  static TrackerResponse announceHttp(InetSocketAddress tracker, AnnounceRequest request) {
    var target = HttpTarget.announce(TrackerUrl.parse("http://t.example/announce"), request);
    return HttpResponseReader.announce(get(tracker, target).body());
  }

  static HttpResponse<byte[]> get(InetSocketAddress tracker, String target) {
    var host = tracker.getAddress().getAddress().length == 4 ? "127.0.0.1" : "[::1]";
    var uri = URI.create("http://" + host + ":" + tracker.getPort() + target);
    try {
      return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends the text and reads until the tracker closes. */
  static String raw(InetSocketAddress tracker, String text) throws IOException {
    try (var socket = new Socket(tracker.getAddress(), tracker.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  static AnnounceReply announceUdp(InetSocketAddress tracker, AnnounceRequest request) {
    try (var socket = new DatagramSocket()) {
      var connected = (UdpResponse.Connected) ask(socket, tracker, new UdpRequest.Connect(5));
      var announce = new UdpRequest.Announce(connected.connectionId(), 6, request, "");
      return ((UdpResponse.Announced) ask(socket, tracker, announce)).reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static UdpResponse ask(DatagramSocket socket, InetSocketAddress tracker, UdpRequest request)
      throws IOException {
    send(socket, tracker, request.encode());
    return receive(socket, tracker);
  }

  static UdpResponse receive(DatagramSocket socket, InetSocketAddress tracker) throws IOException {
    var packet = new DatagramPacket(new byte[4096], 4096);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.receive(packet);
    boolean v6 = tracker.getAddress().getAddress().length == 16;
    return UdpResponse.decode(
        Arrays.copyOf(packet.getData(), packet.getLength()), packet.getLength(), v6);
  }

  static void send(DatagramSocket socket, InetSocketAddress tracker, byte[] bytes)
      throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, tracker));
  }

  static @Nullable TrackerStatistics statistics(Tracker tracker) {
    return tracker.statistics().orTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).join();
  }

  static long count(Tracker tracker, Count count) {
    return statistics(tracker).counts().get(count);
  }
}
