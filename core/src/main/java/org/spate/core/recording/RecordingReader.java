package org.spate.core.recording;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.metainfo.MetainfoParser;

/**
 * Reads a recording entry by entry, and trusts nothing in it: an entry is kept in memory only as
 * far as its bytes have come, and is looked into only when its check is right. The format is that
 * of {@link Recorder}.
 */
public final class RecordingReader {
  /** Bytes of an entry: the largest holds a torrent. */
  static final int ENTRY_LENGTH_MAX = MetainfoParser.LENGTH_MAX + (16 << 20);

  private static final int CHECK_LENGTH = Integer.BYTES;
  private static final int BUFFER_START = 1 << 16;
  private static final int NUMBER_BITS = 7;

  /** Where the bytes come from. */
  @FunctionalInterface
  public interface Source {
    /** Reads up to so many bytes; returns how many, or -1 at the end. */
    int read(byte[] into, int offset, int length);
  }

  private final Source source;
  private final RollingHash check = new RollingHash();
  private byte[] buffer = new byte[BUFFER_START];
  private int from;
  private int to;
  private long steps;
  private long nowNanos;
  private boolean hasBegun;
  private boolean isCutOff;

  /**
   * @throws RecordingException if it is no recording, or of another version
   */
  public RecordingReader(Source source) {
    this.source = source;
    byte[] line = Recorder.FIRST_LINE;
    if (!has(line.length) || !Arrays.equals(buffer, 0, line.length, line, 0, line.length)) {
      int same = Arrays.mismatch(buffer, 0, Math.min(to, line.length), line, 0, line.length);
      boolean isOther = same >= line.length - 2;
      throw new RecordingException(
          isOther ? "a recording of another version of the format" : "not a recording");
    }
    from = line.length;
  }

  /** The next entry; null at the end, or where the recording was cut off. */
  public @Nullable Entry next() {
    long length = readLength();
    if (length < 0) {
      return null;
    }
    if (length == 0 || length > ENTRY_LENGTH_MAX) {
      throw damaged("an entry of " + length + " bytes");
    }
    if (!has((int) length + CHECK_LENGTH)) {
      isCutOff = true;
      return null;
    }
    int end = from + (int) length;
    check.add(buffer, from, end);
    if (check.folded() != BigEndian.intAt(buffer, end)) {
      throw damaged("the check is wrong");
    }
    var entry = parse(new FormReader(buffer, from, end));
    from = end + CHECK_LENGTH;
    return entry;
  }

  /** Whether it ends in the middle of an entry, as after a crash. */
  public boolean isCutOff() {
    return isCutOff;
  }

  private RecordingException damaged(String how) {
    return new RecordingException("damaged after step " + steps + ": " + how);
  }

  /** The length of the next entry, or -1 if there is none. */
  private long readLength() {
    long length = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += NUMBER_BITS) {
      if (!has(1)) {
        isCutOff = shift > 0;
        return -1;
      }
      int next = buffer[from++];
      length |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return length;
      }
    }
    return Long.MAX_VALUE;
  }

  /** Reads on until so many bytes are in the buffer; false if there are not that many. */
  private boolean has(int count) {
    while (to - from < count) {
      if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
      }
      if (to == buffer.length) {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
      int read = source.read(buffer, to, buffer.length - to);
      if (read < 0) {
        return false;
      }
      to += read;
    }
    return true;
  }

  private Entry parse(FormReader in) {
    try {
      int kind = in.readByte();
      var entry =
          switch (kind) {
            case Recorder.BEGINNING -> readBeginning(in);
            case Recorder.INPUT, Recorder.TIME -> readStep(kind == Recorder.INPUT, in);
            default ->
                throw new RecordingException("an entry that this version does not know: " + kind);
          };
      if (!in.isAtEnd()) {
        throw new RecordingException("an entry is longer than it should be");
      }
      return entry;
    } catch (RecordingException e) {
      throw new RecordingException("after step " + steps + ": " + e.getMessage(), e);
    }
  }

  private Beginning readBeginning(FormReader in) {
    hasBegun = true;
    nowNanos = 0;
    return Beginning.read(in);
  }

  private Step readStep(boolean hasInput, FormReader in) {
    if (!hasBegun) {
      throw new RecordingException("a step before any beginning");
    }
    nowNanos += in.readNumber();
    if (nowNanos < 0) {
      throw new RecordingException("a time that cannot be");
    }
    steps++;
    return new Step(
        steps,
        nowNanos,
        hasInput ? InputForm.read(in) : null,
        in.readNumber(),
        in.readInt(),
        in.readText());
  }
}
