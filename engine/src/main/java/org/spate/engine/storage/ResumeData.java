package org.spate.engine.storage;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;
import org.spate.core.Hash256;
import org.spate.core.metainfo.InfoDictionary;
import org.spate.core.metainfo.InfoHash;
import org.spate.core.swarm.PieceSet;

/**
 * What is known of a torrent's files between two runs, and its form in a file: versioned, bound to
 * one info-hash, closed by a CRC32C. Whatever is wrong with such a file makes it no resume data at
 * all (threat 71).
 *
 * @param claimed pieces that were verified and forced to disk
 * @param device the number of the device that the folder was on, or 0
 * @param stamps of each file, then of the parts file; null where there was none. Keys are not kept
 */
record ResumeData(
    PieceSet claimed, long device, List<@Nullable FileStamp> stamps, ResumeFacts facts) {
  private static final long MAGIC = 0x5350415445524553L; // "SPATERES"
  private static final int VERSION = 1;
  private static final int STAMP_BYTES = 17;
  private static final int FIXED_BYTES = 160;

  /** The bytes of the file. */
  byte[] encode(InfoDictionary info) {
    int size =
        FIXED_BYTES
            + (claimed.pieceCount() + 7) / 8
            + stamps.size() * STAMP_BYTES
            + facts.priorities().length
            + facts.more().length;
    var out = ByteBuffer.allocate(size).putLong(MAGIC).putInt(VERSION);
    putIdentity(out, info);
    out.putLong(device);
    putBytes(out, claimed.toBitfield());
    out.putInt(stamps.size());
    for (var stamp : stamps) {
      out.put((byte) (stamp == null ? 0 : 1));
      out.putLong(stamp == null ? 0 : stamp.length());
      out.putLong(stamp == null ? 0 : stamp.modifiedNanos());
    }
    out.putLong(facts.addedSeconds());
    out.putLong(facts.uploadedBytes()).putLong(facts.downloadedBytes());
    putBytes(out, facts.priorities());
    putBytes(out, facts.more());
    out.putInt(crc(out.array(), out.position()));
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The data in a file's bytes, or null if they are not sound or not this torrent's. */
  static @Nullable ResumeData decode(byte[] bytes, InfoDictionary info) {
    int end = bytes.length - Integer.BYTES;
    if (end < 0 || ByteBuffer.wrap(bytes).getInt(end) != crc(bytes, end)) {
      return null;
    }
    try {
      var in = ByteBuffer.wrap(bytes, 0, end);
      if (in.getLong() != MAGIC || in.getInt() != VERSION || !isIdentity(in, info)) {
        return null;
      }
      return decode(in, info);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable ResumeData decode(ByteBuffer in, InfoDictionary info) {
    int pieceCount = info.geometry().pieceCount();
    int fileCount = info.files().files().size();
    long device = in.getLong();
    var bits = bytes(in);
    if (!isBitfield(bits, pieceCount) || in.getInt() != fileCount + 1) {
      return null;
    }
    var stamps = new ArrayList<@Nullable FileStamp>();
    for (int i = 0; i <= fileCount; i++) {
      boolean there = in.get() != 0;
      var stamp = new FileStamp(in.getLong(), in.getLong(), null);
      stamps.add(there ? stamp : null);
    }
    var facts = new ResumeFacts(in.getLong(), in.getLong(), in.getLong(), bytes(in), bytes(in));
    if (in.hasRemaining()) {
      return null;
    }
    return new ResumeData(PieceSet.ofBitfield(bits, pieceCount), device, stamps, facts);
  }

  private static boolean isBitfield(byte[] bits, int pieceCount) {
    int spare = bits.length * 8 - pieceCount;
    return spare >= 0 && spare < 8 && (bits[bits.length - 1] & ((1 << spare) - 1)) == 0;
  }

  /** What the data are of: the info-hash, and the geometry to be sure. */
  private static void putIdentity(ByteBuffer out, InfoDictionary info) {
    out.put(identity(info.infoHash()));
    out.putInt(info.geometry().pieceLength()).putLong(info.geometry().totalLength());
  }

  private static boolean isIdentity(ByteBuffer in, InfoDictionary info) {
    var identity = ByteBuffer.allocate(identity(info.infoHash()).length + 12);
    putIdentity(identity, info);
    var found = new byte[identity.capacity()];
    in.get(found);
    return Arrays.equals(found, identity.array());
  }

  /** An info-hash in fixed room. */
  static byte[] identity(InfoHash infoHash) {
    var bytes = new byte[Hash160.BYTES + Hash256.BYTES];
    var v1 = infoHash.v1();
    var v2 = infoHash.v2();
    if (v1 != null) {
      v1.copyTo(bytes, 0);
    }
    if (v2 != null) {
      v2.copyTo(bytes, Hash160.BYTES);
    }
    return bytes;
  }

  private static void putBytes(ByteBuffer out, byte[] bytes) {
    out.putInt(bytes.length).put(bytes);
  }

  private static byte[] bytes(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    var bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  static int crc(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
