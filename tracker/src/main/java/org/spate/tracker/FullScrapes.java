package org.spate.tracker;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.Hash160;
import org.spate.core.announce.HttpResponseWriter;
import org.spate.core.announce.SwarmCounts;
import org.spate.core.tracker.SwarmScan.Range;

/**
 * The sizes of all swarms, for those who scrape without naming any (BEP 48). They are written into
 * files, plain and compressed, when somebody asks and the last ones are old, by a thread that asks
 * the loops for a little at a time; however many clients then fetch them, however slowly, costs no
 * memory.
 *
 * <p>A dictionary has its keys in order (BEP 3), so the swarms are gathered by ranges of
 * info-hashes. A range that holds too many for one part is halved, which bounds memory whatever
 * info-hashes there are.
 */
final class FullScrapes implements AutoCloseable {
  /** Clients that fetch one at the same time. */
  static final int DELIVERY_COUNT_MAX = 64;

  private static final int PART_SWARMS_MAX = 32_768;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Logger LOG = LoggerFactory.getLogger(FullScrapes.class);

  /** Where the swarms are. */
  interface Source {
    /** Adds the swarms of a range, on a thread of the caller's; false if there are more. */
    boolean find(Range range, int countMax, SortedMap<Hash160, SwarmCounts> swarms);
  }

  /** One writing of all swarms. */
  record Edition(Path plain, Path gzip, long madeNanos) {
    void delete() {
      try {
        Files.deleteIfExists(plain);
        Files.deleteIfExists(gzip);
      } catch (IOException e) {
        LOG.warn("cannot delete a full scrape: {}", e.toString());
      }
    }
  }

  private final Duration period;
  private final Source source;
  private final Predicate<Hash160> isServed;
  private final Path folder;
  private final AtomicInteger deliveryCount = new AtomicInteger();
  private @Nullable CompletableFuture<Edition> latest;
  private int editionCount;
  private volatile boolean isClosed;

  /**
   * @param period how old a file may be that is sent
   * @param isServed which swarms may be seen
   */
  FullScrapes(Duration period, Source source, Predicate<Hash160> isServed) {
    this.period = period;
    this.source = source;
    this.isServed = isServed;
    try {
      folder = Files.createTempDirectory("spate-scrape");
    } catch (IOException e) {
      throw new TrackerException("no folder for full scrapes: " + e.getMessage(), e);
    }
  }

  /** Whether one more client may fetch one; {@link #leave} when it has done so. */
  boolean enter() {
    if (deliveryCount.incrementAndGet() > DELIVERY_COUNT_MAX) {
      deliveryCount.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    deliveryCount.decrementAndGet();
  }

  /**
   * The last edition if it is fresh, or the next one, which somebody may be waiting for already.
   */
  synchronized CompletableFuture<Edition> latest() {
    var current = latest;
    if (current == null || current.isCompletedExceptionally() || isOld(current)) {
      var old = current == null || current.isCompletedExceptionally() ? null : current.join();
      int number = editionCount++;
      current = new CompletableFuture<>();
      var begun = current;
      latest = begun;
      Thread.ofVirtual().name("spate-full-scrape").start(() -> make(number, begun, old));
    }
    return current;
  }

  private boolean isOld(CompletableFuture<Edition> edition) {
    return edition.isDone() && System.nanoTime() - edition.join().madeNanos > period.toNanos();
  }

  private void make(int number, CompletableFuture<Edition> edition, @Nullable Edition old) {
    var plain = folder.resolve(number + ".bencode");
    var made = new Edition(plain, folder.resolve(number + ".bencode.gz"), System.nanoTime());
    try {
      write(made);
      edition.complete(made);
    } catch (IOException | RuntimeException e) {
      made.delete();
      edition.completeExceptionally(e);
    }
    if (old != null) {
      old.delete();
    }
  }

  private void write(Edition edition) throws IOException {
    try (var plain = new BufferedOutputStream(Files.newOutputStream(edition.plain), BUFFER_BYTES);
        var gzip = new FastGzip(Files.newOutputStream(edition.gzip))) {
      write(HttpResponseWriter.SCRAPE_BEGIN.getBytes(StandardCharsets.US_ASCII), plain, gzip);
      write(Range.ALL, plain, gzip);
      write(HttpResponseWriter.SCRAPE_END.getBytes(StandardCharsets.US_ASCII), plain, gzip);
    }
  }

  /** Info-hashes hardly shrink, and the rest does at any effort. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private void write(Range range, OutputStream plain, OutputStream gzip) throws IOException {
    if (isClosed) {
      throw new CancellationException("the tracker has been closed");
    }
    var swarms = new TreeMap<Hash160, SwarmCounts>();
    if (source.find(range, range.isSingle() ? Integer.MAX_VALUE : PART_SWARMS_MAX, swarms)) {
      swarms.keySet().removeIf(isServed.negate());
      write(HttpResponseWriter.scrapePart(swarms), plain, gzip);
    } else {
      swarms.clear();
      write(range.lowerHalf(), plain, gzip);
      write(range.upperHalf(), plain, gzip);
    }
  }

  private static void write(byte[] bytes, OutputStream plain, OutputStream gzip)
      throws IOException {
    plain.write(bytes);
    gzip.write(bytes);
  }

  /** Deletes the files; one that is being written is given up. */
  @Override
  public void close() {
    isClosed = true;
    CompletableFuture<Edition> last;
    synchronized (this) {
      last = latest;
    }
    if (last != null) {
      last.handle((edition, _) -> edition).thenAccept(FullScrapes::deleteIfMade).join();
    }
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteIfMade(@Nullable Edition edition) {
    if (edition != null) {
      edition.delete();
    }
  }
}
