package org.spate.core.crypto;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One side of the key exchange of message stream encryption, as a machine without a clock: bytes of
 * the other side go in, bytes for it come out, and at the end an {@link Agreement}.
 *
 * <pre>
 *   A to B: Ya, PadA
 *   B to A: Yb, PadB
 *   A to B: HASH('req1', S), HASH('req2', SKEY) xor HASH('req3', S),
 *           ENCRYPT(VC, crypto_provide, len(PadC), PadC, len(IA)), ENCRYPT(IA)
 *   B to A: ENCRYPT(VC, crypto_select, len(PadD), PadD), ENCRYPT2(payload)
 *   A to B: ENCRYPT2(payload)
 * </pre>
 *
 * <p>Neither side knows how much padding the other sends before it finds a mark behind it. So every
 * wait has a most of bytes (threat 31): at any time no more is kept than that and what came in one
 * go.
 */
public abstract sealed class MseHandshake permits MseInitiator, MseResponder {
  /** Most bytes of each of PadA to PadD. */
  static final int PADDING_MAX = 512;

  /** The verification constant: so many zeros, encrypted. */
  static final int VC_BYTES = 8;

  private final ArrayDeque<byte[]> output = new ArrayDeque<>();
  private byte[] buffer = new byte[DiffieHellman.KEY_BYTES + PADDING_MAX];
  private int start;
  private int end;
  private @Nullable Agreement agreement;

  /**
   * Takes bytes of the other side.
   *
   * @throws MseException if they cannot be those of a sound handshake; the machine is done with
   * @throws IllegalStateException if it is finished
   */
  public final void accept(byte[] bytes, int offset, int length) {
    if (agreement != null) {
      throw new IllegalStateException("the key exchange is over");
    }
    store(bytes, offset, length);
    while (agreement == null && proceed()) {}
  }

  /** The next bytes for the other side, or null. */
  public final byte @Nullable [] poll() {
    return output.poll();
  }

  /** What was agreed on, or null until then. */
  public final @Nullable Agreement agreement() {
    return agreement;
  }

  /** Takes one step if enough bytes are there; false if not. */
  abstract boolean proceed();

  final void send(byte[] bytes) {
    output.add(bytes);
  }

  final void sendPadded(byte[] publicKey, RandomGenerator random) {
    var padding = new byte[random.nextInt(PADDING_MAX + 1)];
    random.nextBytes(padding);
    var all = Arrays.copyOf(publicKey, publicKey.length + padding.length);
    System.arraycopy(padding, 0, all, publicKey.length, padding.length);
    send(all);
  }

  private void store(byte[] bytes, int offset, int length) {
    if (buffer.length - end < length) {
      int left = end - start;
      int capacity = Math.max(buffer.length, left + length);
      var moved = capacity == buffer.length ? buffer : new byte[capacity];
      System.arraycopy(buffer, start, moved, 0, left);
      buffer = moved;
      start = 0;
      end = left;
    }
    System.arraycopy(bytes, offset, buffer, end, length);
    end += length;
  }

  final int available() {
    return end - start;
  }

  /** The next bytes; so many must be there. */
  final byte[] take(int count) {
    var taken = Arrays.copyOfRange(buffer, start, start + count);
    start += count;
    return taken;
  }

  final byte[] take(int count, Rc4 cipher) {
    var taken = take(count);
    cipher.apply(taken, 0, count);
    return taken;
  }

  /**
   * Drops padding and the mark behind it.
   *
   * @return whether the mark has come
   * @throws MseException if it is not where it must be at the latest
   */
  final boolean skipTo(byte[] mark) {
    int last = Math.min(start + PADDING_MAX, end - mark.length);
    for (int at = start; at <= last; at++) {
      if (Arrays.equals(buffer, at, at + mark.length, mark, 0, mark.length)) {
        start = at + mark.length;
        return true;
      }
    }
    if (available() >= PADDING_MAX + mark.length) {
      throw new MseException(MseException.Reason.NOT_SYNCHRONISED);
    }
    return false;
  }

  static int checkedPadding(int length) {
    if (length > PADDING_MAX) {
      throw new MseException(MseException.Reason.PADDING_TOO_LONG);
    }
    return length;
  }

  final void agree(Agreement agreed) {
    agreement = agreed;
    buffer = new byte[0];
  }
}
