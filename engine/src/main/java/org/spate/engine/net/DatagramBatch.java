package org.spate.engine.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.spate.core.utp.PacketCodec;
import org.spate.core.utp.UtpPacket;

/**
 * Lays packets out as datagrams. Packets of one length to one address that follow each other become
 * one buffer, which the kernel or the network card cuts (UDP_SEGMENT): one walk through the network
 * stack instead of forty.
 */
final class DatagramBatch {
  /** The most that one system call may hand over so: IPv4's longest datagram. */
  private static final int BYTES_MAX = 65_507;

  private final UdpPort port;
  private final byte[] header = new byte[UtpPacket.HEADER_BYTES_MAX];
  private @Nullable ByteBuf run;
  private @Nullable InetSocketAddress remote;
  private int segment;
  private int count;

  DatagramBatch(UdpPort port) {
    this.port = port;
  }

  /** A packet without payload. */
  void add(InetSocketAddress to, UtpPacket packet) {
    int bytes = packet.headerBytes();
    finish();
    var datagram = port.allocator().directBuffer(bytes, bytes);
    writeHeader(packet, datagram);
    port.write(new DatagramPacket(datagram, to));
  }

  /** A packet with a part of a stream. */
  void add(UtpStream stream, UtpPacket packet, long offset, int length) {
    int bytes = packet.headerBytes() + length;
    if (!continues(stream.remote, bytes)) {
      finish();
      int capacity = port.canSegment() ? BYTES_MAX : bytes;
      run = port.allocator().directBuffer(capacity, capacity);
      remote = stream.remote;
      segment = bytes;
    }
    var datagram = run;
    if (datagram != null) {
      writeHeader(packet, datagram);
      stream.store.copy(offset, length, datagram);
      count++;
    }
    if (bytes != segment || !port.canSegment()) {
      finish(); // only the last one may be shorter
    }
  }

  private boolean continues(InetSocketAddress to, int bytes) {
    return run != null
        && to.equals(remote)
        && bytes <= segment
        && bytes <= run.writableBytes()
        && count < UdpPort.SEGMENTS_MAX;
  }

  private void writeHeader(UtpPacket packet, ByteBuf target) {
    PacketCodec.write(packet, header);
    target.writeBytes(header, 0, packet.headerBytes());
  }

  /** Puts what has been gathered in line. */
  void finish() {
    if (run != null && remote != null) {
      if (count == 1) {
        port.write(new DatagramPacket(run, remote));
      } else {
        port.writeSegmented(run, segment, remote);
      }
      run = null;
      remote = null;
      count = 0;
    }
  }
}
