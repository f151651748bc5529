package org.spate.app.console;

import org.spate.core.PlainText;

/**
 * Text of strangers made fit for a terminal. Names and comments from torrents may hold escape
 * sequences, line breaks or marks that turn the direction of writing; printed raw they would
 * rewrite the screen or forge lines.
 */
public final class Printable {
  private Printable() {}

  /** The same text with everything invisible or steering written as an escape, as in Java. */
  public static String of(String text) {
    if (text.codePoints().noneMatch(Printable::isHostile)) {
      return text;
    }
    var shown = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> append(shown, c));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int codePoint) {
    if (!isHostile(codePoint)) {
      shown.appendCodePoint(codePoint);
      return;
    }
    switch (codePoint) {
      case '\n' -> shown.append("\\n");
      case '\r' -> shown.append("\\r");
      case '\t' -> shown.append("\\t");
      default -> {
        for (char unit : Character.toChars(codePoint)) {
          shown.append("\\u").append("%04x".formatted((int) unit));
        }
      }
    }
  }

  private static boolean isHostile(int codePoint) {
    return PlainText.isUnusable(codePoint) || PlainText.isInvisible(codePoint);
  }
}
