package org.spate.core.dht;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.spate.core.BigEndian;
import org.spate.core.Endpoint;
import org.spate.core.Hash160;
import org.spate.core.Machine;

/**
 * The questions a node has asked and that nobody has answered yet. An answer counts only if it
 * carries the transaction id, which strangers cannot guess, and comes from the address asked.
 */
final class Transactions {
  /** After this the asker may go on with somebody else, but still takes the answer. */
  static final long SLOW_NANOS = 1_000_000_000L;

  static final long TIMEOUT_NANOS = 6_000_000_000L;

  /** More questions than these at a time are not asked. */
  static final int OPEN_MAX = 1_000;

  private static final int ID_BYTES = 6;
  private static final int ID_SHIFT = Long.SIZE - 8 * ID_BYTES;

  /** Who asked, and wants to know what became of it. */
  interface Asker {
    void onReply(NodeInfo from, Reply reply, long nowNanos);

    /** The wrong node answered, or nobody: nothing more will come. */
    void onFailure(long nowNanos);

    /** An error was answered. */
    default void onRefusal(int code, long nowNanos) {
      onFailure(nowNanos);
    }

    default void onSlow(long nowNanos) {}
  }

  private final RandomGenerator random;
  private final Map<Long, Open> open = new LinkedHashMap<>();
  private final Queue<Open> notYetSlow = new ArrayDeque<>();

  Transactions(RandomGenerator random) {
    this.random = random;
  }

  /**
   * One open question.
   *
   * @param expected the id of the node it went to, or null if only its address is known
   */
  record Open(long key, Endpoint to, @Nullable Hash160 expected, long sentNanos, Asker asker) {}

  boolean isFull() {
    return open.size() >= OPEN_MAX;
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** Notes a question; returns its transaction id. */
  byte[] begin(Endpoint to, @Nullable Hash160 expected, Asker asker, long nowNanos) {
    long key = random.nextLong() >>> ID_SHIFT;
    while (open.containsKey(key)) {
      key = random.nextLong() >>> ID_SHIFT;
    }
    var question = new Open(key, to, expected, nowNanos, asker);
    open.put(key, question);
    notYetSlow.add(question);
    var id = new byte[ID_BYTES];
    BigEndian.putShort(id, 0, (int) (key >>> 32));
    BigEndian.putInt(id, 2, (int) key);
    return id;
  }

  /** The question that this answers, no longer open; null if there is none. */
  @Nullable Open end(byte[] transactionId, Endpoint from) {
    if (transactionId.length != ID_BYTES) {
      return null;
    }
    long key =
        (long) BigEndian.shortAt(transactionId, 0) << 32
            | Integer.toUnsignedLong(BigEndian.intAt(transactionId, 2));
    var question = open.get(key);
    if (question == null || !question.to().equals(from)) {
      return null;
    }
    open.remove(key);
    return question;
  }

  /** Tells the askers whose answer is late; returns the questions that are given up. */
  List<Open> advance(long nowNanos) {
    for (var first = notYetSlow.peek();
        first != null && isAge(first, SLOW_NANOS, nowNanos);
        first = notYetSlow.peek()) {
      notYetSlow.remove();
      if (open.containsKey(first.key())) {
        first.asker().onSlow(nowNanos);
      }
    }
    var given = new ArrayList<Open>();
    for (var question : open.values()) {
      if (!isAge(question, TIMEOUT_NANOS, nowNanos)) {
        break;
      }
      given.add(question);
    }
    given.forEach(question -> open.remove(question.key()));
    return given;
  }

  private static boolean isAge(Open question, long ageNanos, long nowNanos) {
    return nowNanos - question.sentNanos() >= ageNanos;
  }

  long deadlineNanos() {
    while (!notYetSlow.isEmpty() && !open.containsKey(notYetSlow.element().key())) {
      notYetSlow.remove();
    }
    var slow = notYetSlow.peek();
    long slowNanos = slow == null ? Machine.NEVER : slow.sentNanos() + SLOW_NANOS;
    for (var first : open.values()) {
      return Math.min(slowNanos, first.sentNanos() + TIMEOUT_NANOS);
    }
    return slowNanos;
  }
}
