package org.spate.core.portmap;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;

/** A router in virtual time that speaks PCP, NAT-PMP, both or neither. */
final class FakeRouter {
  private static final long SECOND = 1_000_000_000L;

  final Map<LocalPort, Integer> mapped = new LinkedHashMap<>(); // external ports
  boolean speaksPcp = true;
  boolean speaksNatPmp = true;
  boolean refusesOldVersions = true; // says to PCP that it does not speak it
  int external = 0x2D000001;
  int lifetimeSeconds = 7_200;
  int result;
  int portOffset;
  long bootNanos;
  int requests;

  byte @Nullable [] answer(byte[] request, long nowNanos) {
    requests++;
    int epoch = (int) ((nowNanos - bootNanos) / SECOND);
    if (request[0] == 2 && speaksPcp) {
      return pcp(request, epoch);
    }
    if (request[0] == 2) {
      return speaksNatPmp && refusesOldVersions ? natPmp(8, request[1], 1, epoch) : null;
    }
    return speaksNatPmp ? natPmp(request, epoch) : null;
  }

  private byte[] pcp(byte[] request, int epoch) {
    var response = Arrays.copyOf(request, 60);
    response[1] |= (byte) 0x80;
    response[3] = (byte) result;
    Arrays.fill(response, 8, 24, (byte) 0);
    BigEndian.putInt(response, 8, epoch);
    var protocol = request[36] == 6 ? LocalPort.Protocol.TCP : LocalPort.Protocol.UDP;
    int wanted = BigEndian.shortAt(request, 42);
    int lifetime = BigEndian.intAt(request, 4);
    int port = map(new LocalPort(protocol, BigEndian.shortAt(request, 40)), wanted, lifetime);
    BigEndian.putInt(response, 4, lifetime == 0 ? 0 : lifetimeSeconds);
    BigEndian.putShort(response, 42, port);
    var address = Endpoint.v4(external, 0);
    BigEndian.putLong(response, 44, address.high());
    BigEndian.putLong(response, 52, address.low());
    return response;
  }

  private int map(LocalPort port, int wanted, int lifetime) {
    if (lifetime == 0) {
      mapped.remove(port);
      return 0;
    }
    return result != 0 ? 0 : mapped.computeIfAbsent(port, _ -> wanted + portOffset);
  }

  private byte[] natPmp(byte[] request, int epoch) {
    if (request[1] == 0) {
      var response = natPmp(12, 0, result, epoch);
      BigEndian.putInt(response, 8, external);
      return response;
    }
    var protocol = request[1] == 2 ? LocalPort.Protocol.TCP : LocalPort.Protocol.UDP;
    int internal = BigEndian.shortAt(request, 4);
    int lifetime = BigEndian.intAt(request, 8);
    int port = map(new LocalPort(protocol, internal), BigEndian.shortAt(request, 6), lifetime);
    var response = natPmp(16, request[1], result, epoch);
    BigEndian.putShort(response, 8, internal);
    BigEndian.putShort(response, 10, port);
    BigEndian.putInt(response, 12, lifetime == 0 ? 0 : lifetimeSeconds);
    return response;
  }

  private static byte[] natPmp(int length, int opcode, int result, int epoch) {
    var response = new byte[length];
    response[1] = (byte) (opcode | 0x80);
    BigEndian.putShort(response, 2, result);
    BigEndian.putInt(response, 4, epoch);
    return response;
  }

  /** Forgets everything. */
  void restart(long nowNanos) {
    mapped.clear();
    bootNanos = nowNanos;
  }

  /** What it tells all that listen after that, by PCP (RFC 6887, 14.1). */
  byte[] announcement(long nowNanos) {
    var packet = new byte[24];
    packet[0] = 2;
    packet[1] = (byte) 0x80;
    BigEndian.putInt(packet, 8, (int) ((nowNanos - bootNanos) / SECOND));
    return packet;
  }
}
