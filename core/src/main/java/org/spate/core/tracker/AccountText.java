package org.spate.core.tracker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spate.core.Hash160;

/**
 * How accounts are written down: a line with a name, a version and the time, then one for each user
 * in each swarm: user, info-hash, bytes uploaded, bytes downloaded, and for each run of a client
 * its fingerprint, its two counters and the seconds since it was heard of, with colons between
 * them.
 */
public final class AccountText {
  private static final String NAME = "spate-accounts";
  private static final String VERSION = "1";
  private static final long SECOND_NANOS = 1_000_000_000L;

  private AccountText() {}

  /** The first line. */
  public static String header(long epochSeconds) {
    return NAME + " " + VERSION + " " + epochSeconds + "\n";
  }

  /** Writes down a book, a user at a time, between which the book goes on working. */
  public static final class Writer {
    private final AccountBook book;
    private final List<String> users;
    private int next;

    public Writer(AccountBook book) {
      this.book = book;
      users = book.users();
    }

    /** The lines of the next user, or null at the end. */
    public @Nullable String next(long nowNanos) {
      if (next == users.size()) {
        return null;
      }
      var text = new StringBuilder();
      for (var line : book.lines(users.get(next++))) {
        write(line, text, nowNanos);
      }
      return text.toString();
    }

    private static void write(AccountBook.Line line, StringBuilder text, long nowNanos) {
      text.append(line.user()).append(' ').append(line.infoHash());
      text.append(' ').append(line.uploaded()).append(' ').append(line.downloaded());
      for (var run : line.runs()) {
        text.append(' ').append(run.fingerprint).append(':').append(run.uploaded);
        text.append(':').append(run.downloaded);
        text.append(':').append(Math.max(0, nowNanos - run.seenNanos) / SECOND_NANOS);
      }
      text.append('\n');
    }
  }

  /** Reads lines into a book. Those that are broken are skipped and counted. */
  public static final class Reader {
    private final long epochSeconds;
    private long passedSeconds;
    private boolean isBegun;
    private boolean isOfThisVersion;
    private int brokenCount;

    /** The time tells how long ago the lines were written. */
    public Reader(long epochSeconds) {
      this.epochSeconds = epochSeconds;
    }

    /** Takes the next line and the book that it belongs into. */
    public void read(String text, BookOf books, long nowNanos) {
      if (!isBegun) {
        isBegun = true;
        readHeader(text.split(" ", -1));
        return;
      }
      var line = isOfThisVersion ? parse(text, nowNanos) : null;
      if (line == null || !books.of(line.infoHash()).restore(line)) {
        brokenCount++;
      }
    }

    /** Which book has a swarm. */
    public interface BookOf {
      AccountBook of(Hash160 infoHash);
    }

    private void readHeader(String[] words) {
      isOfThisVersion =
          words.length == 3
              && words[0].equals(NAME)
              && words[1].equals(VERSION)
              && words[2].matches("[0-9]{1,12}");
      passedSeconds = isOfThisVersion ? Math.max(0, epochSeconds - Long.parseLong(words[2])) : 0;
    }

    private AccountBook.@Nullable Line parse(String text, long nowNanos) {
      var words = text.split(" ", -1);
      try {
        if (words.length < 4
            || words.length > 4 + AccountBook.RUNS_MAX
            || !UserList.isName(words[0])) {
          return null;
        }
        var runs = new ArrayList<Run>();
        for (int i = 4; i < words.length; i++) {
          runs.add(run(words[i].split(":", -1), nowNanos));
        }
        return new AccountBook.Line(
            words[0], Hash160.parse(words[1]), count(words[2]), count(words[3]), runs);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    private Run run(String[] numbers, long nowNanos) {
      if (numbers.length != 4) {
        throw new IllegalArgumentException("not a run");
      }
      long age = Math.min(passedSeconds + count(numbers[3]), AGE_SECONDS_MAX);
      return new Run(
          Integer.parseInt(numbers[0]),
          count(numbers[1]),
          count(numbers[2]),
          nowNanos - age * SECOND_NANOS);
    }

    /** Older is as good as that old. */
    private static final long AGE_SECONDS_MAX = 10L * 365 * 86_400;

    private static long count(String digits) {
      long count = Long.parseLong(digits);
      if (count < 0) {
        throw new IllegalArgumentException("negative");
      }
      return count;
    }

    /** Lines that were not taken: broken, or more than there is room for. */
    public int brokenCount() {
      return brokenCount;
    }
  }
}
