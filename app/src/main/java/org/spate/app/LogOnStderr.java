package org.spate.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.spate.app.console.Printable;

/**
 * The log: warnings on stderr, everything of ours with {@code -v}. Set up in code, because reading
 * a file of settings would cost more time than many commands take.
 */
public final class LogOnStderr extends ContextAwareBase implements Configurator {

  /** Lets everything through that our own code says. */
  static void speakUp() {
    if (LoggerFactory.getLogger("org.spate") instanceof Logger ours) {
      ours.setLevel(Level.DEBUG);
    }
  }

  /** Lets only errors of ours through, for commands that tell of all else in their own words. */
  static void errorsOnly() {
    if (LoggerFactory.getLogger("org.spate") instanceof Logger ours) {
      ours.setLevel(Level.ERROR);
    }
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    var layout = new OneLine();
    layout.setContext(context);
    layout.start();
    var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(layout);
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    // It tells of each attempt to connect; the tracker says when its store is away.
    context.getLogger("io.lettuce").setLevel(Level.ERROR);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** One event in one line whatever strangers put into it; a stack trace follows where there is. */
  static final class OneLine extends LayoutBase<ILoggingEvent> {
    @Override
    public String doLayout(ILoggingEvent event) {
      String name = event.getLoggerName();
      String line =
          Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS)
              + " "
              + event.getLevel()
              + " "
              + name.substring(name.lastIndexOf('.') + 1)
              + ": "
              + Printable.of(String.valueOf(event.getFormattedMessage()))
              + System.lineSeparator();
      var failure = event.getThrowableProxy();
      return failure == null ? line : line + printable(ThrowableProxyUtil.asString(failure));
    }

    private static String printable(String trace) {
      return trace
          .lines()
          .map(line -> Printable.of(line.replace("\t", "    ")) + System.lineSeparator())
          .collect(Collectors.joining());
    }
  }
}
