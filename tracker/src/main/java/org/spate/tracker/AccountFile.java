package org.spate.tracker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spate.core.tracker.AccountText;

/** The accounts of all loops, in one file beside the snapshot of the swarms. */
final class AccountFile {
  private static final Logger LOG = LoggerFactory.getLogger(AccountFile.class);

  private final Path file;
  private final List<Share> shares;
  private final LongSupplier clock;

  AccountFile(Path snapshot, List<Share> shares, LongSupplier clock) {
    file = snapshot.resolveSibling(snapshot.getFileName() + ".accounts");
    this.shares = shares;
    this.clock = clock;
  }

  /** Fills the books, while nothing has been asked of the loops yet. */
  void load() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    var reader = new AccountText.Reader(Instant.now().getEpochSecond());
    long nowNanos = clock.getAsLong();
    try (var lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        reader.read(
            line,
            infoHash -> shares.get(Steering.loopOf(infoHash.high(), shares.size())).accounts(),
            nowNanos);
      }
    }
    LOG.info("{}: {} lines left out", file, reader.brokenCount());
  }

  /** Writes all, on the thread of the caller: the loops are asked for one user at a time. */
  void save() throws IOException {
    CompleteFile.write(
        file,
        out -> {
          write(AccountText.header(Instant.now().getEpochSecond()), out);
          for (var share : shares) {
            write(share, out);
          }
        });
  }

  private void write(Share share, OutputStream out) throws IOException {
    var writer = share.ask(() -> new AccountText.Writer(share.accounts()));
    while (true) {
      var part = share.ask(() -> Optional.ofNullable(writer.next(clock.getAsLong())));
      if (part.isEmpty()) {
        return;
      }
      write(part.get(), out);
    }
  }

  private static void write(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
