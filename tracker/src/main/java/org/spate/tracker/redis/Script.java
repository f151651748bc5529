package org.spate.tracker.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import org.spate.core.Hash160;

/**
 * A program that the store runs as one step. It is called by the hash of its text; a store that
 * does not know it is sent the text once. The bytes are sent and never written to.
 */
enum Script {
  ANNOUNCE(7),
  SCRAPE(5),
  SWEEP(2),
  BOOK(1),
  ACCOUNT(1),
  FORGET(1);

  final int keyCount;

  @SuppressWarnings("ImmutableEnumChecker")
  final byte[] text;

  @SuppressWarnings("ImmutableEnumChecker")
  final byte[] hash;

  Script(int keyCount) {
    this.keyCount = keyCount;
    text = read(name().toLowerCase(Locale.ROOT) + ".lua");
    hash =
        HexFormat.of()
            .formatHex(Hash160.sha1(text, 0, text.length).bytes())
            .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] read(String name) {
    try (var in = Objects.requireNonNull(Script.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
