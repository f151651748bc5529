package org.spate.tracker;

import java.nio.ByteBuffer;
import org.spate.core.Endpoint;
import org.spate.core.tracker.UdpExchange;

/**
 * Memory for some datagrams and their answers, with the structures that recvmmsg and sendmmsg take
 * ({@code mmsghdr}, {@code iovec}, {@code sockaddr_in}, {@code sockaddr_in6}; 64 bits). Written
 * once, but for lengths and where an answer goes.
 */
final class DatagramBatch {
  static final int SIZE = 64;

  /** The longest request is a scrape of 74 swarms, 1,496 bytes; what is longer is cut. */
  private static final int PACKET_BYTES = 2_048;

  private static final int MESSAGE_BYTES = 64;
  private static final int NAME_LENGTH_AT = 8;
  private static final int VECTOR_AT = 16;
  private static final int VECTOR_COUNT_AT = 24;
  private static final int RECEIVED_LENGTH_AT = 56;
  private static final int VECTOR_BYTES = 16;

  /** Room for either kind of address, at a round distance. */
  private static final int NAME_BYTES = 32;

  private static final int V4_NAME_BYTES = 16;
  private static final int V6_NAME_BYTES = 28;
  private static final long MAPPED = 0xFFFF_0000_0000L;

  private final boolean v6;
  private final int nameBytes;
  private final ByteBuffer packets = ByteBuffer.allocateDirect(SIZE * PACKET_BYTES);
  private final ByteBuffer answers = ByteBuffer.allocateDirect(SIZE * UdpExchange.ROOM_BYTES);
  private final ByteBuffer names = ByteBuffer.allocateDirect((SIZE + 1) * NAME_BYTES);
  private final ByteBuffer received = LinuxSockets.memory(SIZE * MESSAGE_BYTES);
  private final ByteBuffer sent = LinuxSockets.memory(SIZE * MESSAGE_BYTES);
  private final ByteBuffer packetVectors = LinuxSockets.memory(SIZE * VECTOR_BYTES);
  private final ByteBuffer answerVectors = LinuxSockets.memory(SIZE * VECTOR_BYTES);
  private final long namesAddress = LinuxSockets.addressOf(names);
  private final long receivedAddress = LinuxSockets.addressOf(received);
  private final long sentAddress = LinuxSockets.addressOf(sent);

  final UdpExchange exchange = new UdpExchange(packets, answers);
  private int answerCount;

  /** For a socket of this family. */
  DatagramBatch(boolean v6) {
    this.v6 = v6;
    nameBytes = v6 ? V6_NAME_BYTES : V4_NAME_BYTES;
    for (int i = 0; i < SIZE; i++) {
      prepare(
          received, packetVectors, i, LinuxSockets.addressOf(packets) + (long) i * PACKET_BYTES);
      prepare(
          sent,
          answerVectors,
          i,
          LinuxSockets.addressOf(answers) + (long) i * UdpExchange.ROOM_BYTES);
      packetVectors.putLong(i * VECTOR_BYTES + Long.BYTES, PACKET_BYTES);
    }
  }

  private void prepare(ByteBuffer messages, ByteBuffer vectors, int i, long bytes) {
    int at = i * MESSAGE_BYTES;
    messages.putLong(at, namesAddress + (long) i * NAME_BYTES);
    messages.putInt(at + NAME_LENGTH_AT, nameBytes);
    messages.putLong(at + VECTOR_AT, LinuxSockets.addressOf(vectors) + (long) i * VECTOR_BYTES);
    messages.putLong(at + VECTOR_COUNT_AT, 1);
    vectors.putLong(i * VECTOR_BYTES, bytes);
  }

  /** Takes the datagrams that are there; returns how many, 0 or less if none. */
  int receive(int socket) {
    answerCount = 0;
    return LinuxSockets.receive(socket, receivedAddress, SIZE);
  }

  /** Points the exchange at a datagram and at the room for the next answer. */
  void turnTo(int i) {
    int at = i * MESSAGE_BYTES;
    exchange.turnTo(
        i * PACKET_BYTES,
        received.getInt(at + RECEIVED_LENGTH_AT),
        answerCount * UdpExchange.ROOM_BYTES);
    int name = i * NAME_BYTES;
    int port = names.getShort(name + 2) & 0xFFFF;
    if (v6) {
      exchange.from(names.getLong(name + 8), names.getLong(name + 16), port);
    } else {
      exchange.from(0, MAPPED | Integer.toUnsignedLong(names.getInt(name + 4)), port);
    }
    // The kernel has put the length of the name there.
    received.putInt(at + NAME_LENGTH_AT, nameBytes);
  }

  /** Sends the answer just written to where a datagram came from. */
  void answer(int i, int length) {
    addAnswer(namesAddress + (long) i * NAME_BYTES, length);
  }

  private void addAnswer(long name, int length) {
    sent.putLong(answerCount * MESSAGE_BYTES, name);
    answerVectors.putLong(answerCount * VECTOR_BYTES + Long.BYTES, length);
    answerCount++;
  }

  /** Sends the answers; returns how many could not be sent. */
  int flush(int socket) {
    int done = 0;
    int lost = 0;
    while (done < answerCount) {
      int count =
          LinuxSockets.send(socket, sentAddress + (long) done * MESSAGE_BYTES, answerCount - done);
      // One that cannot be sent must not stand in the way of the others.
      lost += count <= 0 ? 1 : 0;
      done += Math.max(count, 1);
    }
    answerCount = 0;
    return lost;
  }

  /** Sends an answer by itself; false if it could not be sent. */
  boolean send(int socket, ByteBuffer answer, int length, Endpoint to) {
    answers.put(0, answer, 0, length);
    writeName(names, SIZE * NAME_BYTES, v6, to);
    addAnswer(namesAddress + (long) SIZE * NAME_BYTES, length);
    return flush(socket) == 0;
  }

  /** Writes a {@code sockaddr}; returns its length. */
  static int writeName(ByteBuffer names, int at, boolean v6, Endpoint endpoint) {
    // The family alone is a number of the machine's own order, which here is the little one.
    names.putShort(at, Short.reverseBytes((short) family(v6)));
    names.putShort(at + 2, (short) endpoint.port());
    if (v6) {
      names.putLong(at + 8, endpoint.high());
      names.putLong(at + 16, endpoint.low());
      return V6_NAME_BYTES;
    }
    names.putInt(at + 4, endpoint.v4Address());
    return V4_NAME_BYTES;
  }

  static int family(boolean v6) {
    return v6 ? LinuxSockets.AF_INET6 : LinuxSockets.AF_INET;
  }
}
