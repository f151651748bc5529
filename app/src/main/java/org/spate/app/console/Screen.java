package org.spate.app.console;

import java.io.IOException;
import java.util.Optional;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jline.utils.WCWidth;

/** The terminal behind stderr, where there is one. */
public final class Screen {
  private static final int WIDTH_DEFAULT = 80;

  private final TerminalProvider provider;

  private Screen(TerminalProvider provider) {
    this.provider = provider;
  }

  /** The terminal, or empty where stderr is a file or a pipe, or the terminal is a dumb one. */
  public static Optional<Screen> onStderr() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return Optional.empty();
    }
    try {
      var provider = TerminalProvider.load("ffm");
      return provider.isSystemStream(SystemStream.Error)
          ? Optional.of(new Screen(provider))
          : Optional.empty();
    } catch (IOException | RuntimeException | LinkageError e) {
      // A system whose terminals JLine does not know; progress is then printed as plain lines.
      return Optional.empty();
    }
  }

  /** Its columns now; a window may be resized at any time. */
  public int width() {
    int width = provider.systemStreamWidth(SystemStream.Error);
    return width > 0 ? width : WIDTH_DEFAULT;
  }

  /** Whether people want colours (see no-color.org). */
  public static boolean wantsColour() {
    String setting = System.getenv("NO_COLOR");
    return setting == null || setting.isEmpty();
  }

  /** The columns that a text takes: letters of East Asia take two, marks that combine none. */
  static int columns(String text) {
    return text.codePoints().map(Screen::columns).sum();
  }

  /** The text cut, with an ellipsis, or filled with blanks to take exactly some columns. */
  static String fit(String text, int columns) {
    int width = columns(text);
    if (width <= columns) {
      return text + " ".repeat(columns - width);
    }
    var cut = new StringBuilder();
    int used = 0;
    for (int codePoint : text.codePoints().toArray()) {
      if (used + columns(codePoint) > columns - 1) {
        break;
      }
      cut.appendCodePoint(codePoint);
      used += columns(codePoint);
    }
    return cut + "…" + " ".repeat(columns - used - 1);
  }

  private static int columns(int codePoint) {
    return Math.max(0, WCWidth.wcwidth(codePoint));
  }
}
