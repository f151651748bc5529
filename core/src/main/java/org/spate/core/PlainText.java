package org.spate.core;

import java.nio.charset.StandardCharsets;

/**
 * Text of strangers made fit to be shown: in a terminal, a log, a page. Control characters, line
 * breaks, direction marks and everything else without a glyph are taken out, so that a name can
 * neither steer a terminal nor forge a second line, nor be read in another order than it is
 * written.
 */
public final class PlainText {
  private static final char REPLACEMENT = '\uFFFD';

  private PlainText() {}

  /** Decodes UTF-8; bytes that are not UTF-8 become U+FFFD. At most {@code lengthMax} chars. */
  public static String clean(byte[] utf8, int lengthMax) {
    return clean(new String(utf8, StandardCharsets.UTF_8), lengthMax);
  }

  /** Spaces stand for tabs and line breaks; the result has at most {@code lengthMax} chars. */
  public static String clean(String text, int lengthMax) {
    var clean = new StringBuilder(Math.min(text.length(), lengthMax));
    for (int i = 0; i < text.length() && clean.length() < lengthMax; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\t' || c == '\n' || c == '\r') {
        clean.append(' ');
      } else if (isUnusable(c)) {
        clean.append(REPLACEMENT);
      } else if (!isInvisible(c) && clean.length() + Character.charCount(c) <= lengthMax) {
        clean.appendCodePoint(c);
      }
    }
    return clean.toString();
  }

  /** Format characters: direction and zero-width marks, joiners, byte order marks, tags. */
  public static boolean isInvisible(int codePoint) {
    return Character.getType(codePoint) == Character.FORMAT || isIgnorable(codePoint);
  }

  /** Controls, line and paragraph separators, lone surrogates and what is no character. */
  public static boolean isUnusable(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE
        || (codePoint & 0xFFFE) == 0xFFFE
        || (codePoint >= 0xFDD0 && codePoint <= 0xFDEF);
  }

  /** Letters that are drawn as nothing, though Unicode does not call them format characters. */
  private static boolean isIgnorable(int c) {
    return c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0;
  }
}
