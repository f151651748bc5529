package org.spate.app.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A started program and every line it has printed. */
final class Running {
  private final Process process;
  private final String name;
  private final List<String> out = new ArrayList<>();
  private final List<String> err = new ArrayList<>();
  private final Thread outReader;
  private final Thread errReader;

  private final List<Running> others;

  private Running(Process process, String name, List<Running> others) {
    this.process = process;
    this.name = name;
    this.others = others;
    outReader = Thread.ofVirtual().start(() -> read(process.getInputStream(), out));
    errReader = Thread.ofVirtual().start(() -> read(process.getErrorStream(), err));
  }

  static Running start(ProcessBuilder builder) {
    return start(builder, List.of());
  }

  /**
   * @param others what runs beside it, and is quoted where it fails
   */
  static Running start(ProcessBuilder builder, List<Running> others) {
    try {
      return new Running(builder.start(), String.join(" ", builder.command()), others);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(InputStream stream, List<String> lines) {
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (this) {
          lines.add(line);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // The program was killed.
    }
    synchronized (this) {
      notifyAll();
    }
  }

  /** The first line of standard output that fits; waits for it. */
  String awaitLine(Predicate<String> fits, int seconds) {
    return await(out, fits, seconds);
  }

  /** The same of its errors. */
  String awaitError(Predicate<String> fits, int seconds) {
    return await(err, fits, seconds);
  }

  private synchronized String await(List<String> lines, Predicate<String> fits, int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    int seen = 0;
    while (true) {
      for (; seen < lines.size(); seen++) {
        if (fits.test(lines.get(seen))) {
          return lines.get(seen);
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0 || (!process.isAlive() && !outReader.isAlive())) {
        throw new AssertionError(
            (left <= 0 ? "no such line in " + seconds + " s from " : "ended early: ")
                + everything());
      }
      try {
        wait(Math.min(left, 200));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** The exit code; waits for it. */
  int awaitExit(int seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new AssertionError("still running after " + seconds + " s: " + everything());
      }
      outReader.join();
      errReader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  synchronized List<String> lines() {
    return List.copyOf(out);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** As Ctrl-C or a service manager would end it. */
  void terminate() {
    process.destroy();
  }

  /** kill -9. */
  void kill() {
    var family = process.descendants().toList();
    family.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
      // The last of them may still be writing where the test cleans up.
      family.forEach(each -> each.onExit().join());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String everything() {
    var text = new StringBuilder(name).append(tail());
    for (var other : others) {
      if (other != this) {
        text.append("\nbeside it ").append(other.name).append(other.tail());
      }
    }
    return text.toString();
  }

  synchronized String tail() {
    return "\n  out: " + last(out) + "\n  err: " + last(err);
  }

  private static String last(List<String> lines) {
    return String.join("\n       ", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
  }
}
