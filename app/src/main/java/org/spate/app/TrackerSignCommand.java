package org.spate.app;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.Printable;
import org.spate.core.Hash160;
import org.spate.core.tracker.SigningKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs an announce URL for a time. */
@Command(
    name = "sign",
    description = {
      "Sign an announce URL for a time, for a tracker that runs with --signing-keys.",
      "Prints the URL. The first key of the file signs."
    })
final class TrackerSignCommand implements Callable<Integer> {
  private static final String ANNOUNCE = "/announce";
  private static final long KEY_FILE_BYTES_MAX = 1 << 16;

  @Mixin private Output output;

  @Parameters(
      paramLabel = "URL",
      description = "The tracker, like http://tracker.example/announce.")
  private String url = "";

  @Option(
      names = "--signing-keys",
      paramLabel = "FILE",
      required = true,
      description = "The secrets of the tracker, one a line.")
  private Path keys = Path.of("");

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "How long it is good, like 12h or 30d (default: 1d).")
  private Duration lifetime = Duration.ofDays(1);

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "As whom its holder announces (default: as nobody in particular).")
  private String user = "";

  @Option(
      names = "--torrent",
      paramLabel = "INFO-HASH",
      description = "The one torrent that it is good for (default: any).")
  private @Nullable String infoHash;

  @Override
  public Integer call() {
    if (lifetime.isZero()) {
      throw new BadInputException("--for must not be zero");
    }
    long expirySeconds = Instant.now().plus(lifetime).getEpochSecond();
    try {
      var pass =
          keys().sign(expirySeconds, user, infoHash == null ? null : Hash160.parse(infoHash));
      output.out().println(announceUrl("/" + pass + ANNOUNCE));
      return Spate.DONE;
    } catch (IllegalArgumentException e) {
      throw new BadInputException(Printable.of(String.valueOf(e.getMessage())), e);
    }
  }

  private SigningKeys keys() {
    try {
      if (Files.size(keys) > KEY_FILE_BYTES_MAX) {
        throw new BadInputException(keys + ": larger than " + KEY_FILE_BYTES_MAX + " bytes");
      }
      return SigningKeys.parse(Files.readString(keys));
    } catch (IOException e) {
      throw new BadInputException(keys + ": cannot be read", e);
    }
  }

  private String announceUrl(String path) {
    try {
      var tracker = new URI(url);
      if (tracker.getHost() == null || !ANNOUNCE.equals(tracker.getPath())) {
        throw new BadInputException(
            "'" + Printable.of(url) + "' is not like http://tracker.example" + ANNOUNCE);
      }
      return tracker.getScheme() + "://" + tracker.getAuthority() + path;
    } catch (URISyntaxException e) {
      throw new BadInputException("not a URL: " + Printable.of(url), e);
    }
  }
}
