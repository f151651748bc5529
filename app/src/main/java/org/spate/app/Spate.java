package org.spate.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.spate.app.console.ByteSize;
import org.spate.app.console.Durations;
import org.spate.app.console.ListenAddress;
import org.spate.app.console.Printable;
import org.spate.app.console.Rate;
import org.spate.app.transfer.PeerAddress;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The program: finds the subcommand, runs it, and turns what it threw into an exit code. */
@Command(
    name = "spate",
    description = "A complete BitTorrent system.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      GetCommand.class,
      SeedCommand.class,
      CreateCommand.class,
      ShowCommand.class,
      VerifyCommand.class,
      PlanCommand.class,
      SimulateCommand.class,
      ReplayCommand.class,
      TrackerCommand.class,
      DhtCommand.class,
      CompletionCommand.class
    })
public final class Spate {
  /** Done. */
  static final int DONE = 0;

  /** Failed or incomplete. */
  static final int FAILED = 1;

  /** Bad usage or bad input. */
  static final int BAD_INPUT = 2;

  public static void main(String[] arguments) {
    var line = commandLine(stream(FileDescriptor.out), stream(FileDescriptor.err));
    System.exit(run(line, arguments));
  }

  /** UTF-8 whatever the locale says: JSON is UTF-8, and names are as their torrent has them. */
  private static PrintWriter stream(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  /** Runs one command line and flushes what it wrote. */
  static int run(CommandLine line, String... arguments) {
    try {
      return line.execute(arguments);
    } finally {
      line.getOut().flush();
      line.getErr().flush();
    }
  }

  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return withConverters(new CommandLine(new Spate()))
        .setOut(out)
        .setErr(err)
        .setAbbreviatedOptionsAllowed(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpLongOptionsMaxWidth(28)
        .setParameterExceptionHandler(Spate::onBadUsage)
        .setExecutionExceptionHandler(Spate::onFailure);
  }

  /** Understands what people write: sizes, rates, addresses, times. */
  static CommandLine withConverters(CommandLine line) {
    return line.registerConverter(ByteSize.class, refusing(ByteSize::parse))
        .registerConverter(Rate.class, refusing(Rate::parse))
        .registerConverter(ListenAddress.class, refusing(ListenAddress::parse))
        .registerConverter(PeerAddress.class, refusing(PeerAddress::parse))
        .registerConverter(CreationDate.class, refusing(CreationDate::parse))
        .registerConverter(Duration.class, refusing(Durations::parse));
  }

  /** So that the message of a parser reaches the user, not the name of its exception. */
  private static <T> ITypeConverter<T> refusing(ITypeConverter<T> parser) {
    return text -> {
      try {
        return parser.convert(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  private static int onBadUsage(ParameterException e, String[] arguments) {
    var line = e.getCommandLine();
    var err = line.getErr();
    err.println("spate: " + Printable.of(String.valueOf(e.getMessage())));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    return BAD_INPUT;
  }

  private static int onFailure(Exception e, CommandLine line, ParseResult parsed) {
    var err = line.getErr();
    err.println("spate: " + Printable.of(Problems.describe(e)));
    if (parsed.hasMatchedOption("--verbose")) {
      e.printStackTrace(err);
    }
    return e instanceof BadInputException ? BAD_INPUT : FAILED;
  }
}
