package org.spate.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spate.app.console.ByteSize;
import org.spate.app.console.Rate;
import org.spate.app.demo.Demo;
import org.spate.app.demo.DemoReport;
import org.spate.app.demo.DemoResult;
import org.spate.app.demo.DemoSettings;
import org.spate.app.demo.JsonDemoReport;
import org.spate.app.demo.TextDemoReport;
import org.spate.app.transfer.Interruption;
import org.spate.core.metainfo.MetainfoException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets a file spread through a swarm on this machine. */
@Command(
    name = "demo",
    description = {
      "Watch a file spread from one seed through a swarm, all on this machine.",
      "A tracker, a seed and its peers run in this process over loopback, uploads limited so that"
          + " swarming shows. At the end every copy is verified and the temporary files are removed."
    })
final class DemoCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Option(names = "--peers", paramLabel = "N", description = "How many download it (default: 8).")
  private int peers = DemoSettings.PEER_COUNT_USUAL;

  @ArgGroup private @Nullable Payload payload;

  @Option(
      names = "--up",
      paramLabel = "RATE",
      description = "What each peer sends at most (default: 4MiB); 0 for no limit.")
  private Rate up = new Rate(DemoSettings.RATE_USUAL);

  @Option(
      names = "--seed-up",
      paramLabel = "RATE",
      description = "What the seed sends at most (default: 4MiB).")
  private Rate seedUp = new Rate(DemoSettings.RATE_USUAL);

  @Option(names = "--json", description = "Print events as JSON, one object a line.")
  private boolean isJson;

  /** One of the two, or neither. */
  private static final class Payload {
    @Option(
        names = "--size",
        paramLabel = "SIZE",
        description = "Spread a file of noise of this size (default: 64MiB).")
    private @Nullable ByteSize size;

    @Option(
        names = "--file",
        paramLabel = "PATH",
        description = "Spread this file or folder instead.")
    private @Nullable Path file;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    output.startLog();
    try {
      var result = new Demo(settings(), report()).run();
      if (result.isEmpty()) {
        return Interruption.EXIT_CODE;
      }
      return result.filter(DemoResult::isIntact).isPresent() ? Spate.DONE : Spate.FAILED;
    } catch (MetainfoException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private DemoSettings settings() {
    var size = payload == null ? null : payload.size;
    try {
      return new DemoSettings(
          peers,
          size == null ? DemoSettings.SIZE_USUAL : size.bytes(),
          payload == null ? null : payload.file,
          up.bytesPerSecond(),
          seedUp.bytesPerSecond());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private DemoReport report() {
    return isJson
        ? new JsonDemoReport(output.json())
        : new TextDemoReport(output.out(), output.progress());
  }
}
