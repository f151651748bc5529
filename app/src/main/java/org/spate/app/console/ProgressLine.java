package org.spate.app.console;

import java.util.Locale;

/** One torrent in one line: name, bar, percentage, rates, peers, time left. */
final class ProgressLine {
  private static final int NAME_COLUMNS_MAX = 32;
  private static final int BAR_COLUMNS_MIN = 8;
  private static final int BAR_COLUMNS_MAX = 40;
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  private ProgressLine() {}

  /** For a terminal: exactly as wide as it is told, so that it never wraps. */
  static String live(TransferSnapshot transfer, int width, boolean hasColour) {
    String figures = figures(transfer);
    int left = width - figures.length() - 2;
    if (left < BAR_COLUMNS_MIN) {
      return Screen.fit(figures, width);
    }
    int nameColumns = Math.min(NAME_COLUMNS_MAX, left - BAR_COLUMNS_MIN - 4);
    if (nameColumns < BAR_COLUMNS_MIN) {
      return Screen.fit(Screen.fit(Printable.of(transfer.name()), left) + "  " + figures, width);
    }
    int barColumns = Math.min(BAR_COLUMNS_MAX, left - nameColumns - 4);
    String name = Screen.fit(Printable.of(transfer.name()), nameColumns);
    String line = name + " [" + bar(transfer, barColumns, hasColour) + "] " + figures;
    int used = nameColumns + barColumns + 4 + figures.length();
    return line + " ".repeat(Math.max(0, width - used));
  }

  /** For a log: as wide as it needs to be. */
  static String plain(TransferSnapshot transfer) {
    return Printable.of(transfer.name()) + ": " + figures(transfer).strip();
  }

  private static String bar(TransferSnapshot transfer, int columns, boolean hasColour) {
    int done = (int) (transfer.fraction() * columns);
    String full =
        transfer.isComplete() ? "=".repeat(columns) : "=".repeat(done).replaceFirst("=$", ">");
    return (hasColour ? GREEN + full + PLAIN : full) + " ".repeat(columns - full.length());
  }

  private static String figures(TransferSnapshot transfer) {
    // Rounded down: 100.0 % is said only of what is complete.
    double percent = Math.floor(transfer.fraction() * 1000) / 10;
    var left = transfer.timeLeft().map(time -> Durations.show(time) + " left");
    String rate = Rate.show(transfer.downBytesPerSecond());
    if (transfer.isLocal()) {
      String text = transfer.phase() + left.map(time -> ", " + time).orElse("");
      return String.format(Locale.ROOT, "%5.1f%%  %10s  %s", percent, rate, text);
    }
    return String.format(
        Locale.ROOT,
        "%5.1f%%  down %10s  up %10s  %s  %s",
        percent,
        rate,
        Rate.show(transfer.upBytesPerSecond()),
        peers(transfer),
        left.orElse(transfer.phase()));
  }

  private static String peers(TransferSnapshot transfer) {
    String peers = transfer.peerCount() == 1 ? "1 peer" : transfer.peerCount() + " peers";
    return transfer.seedCount() == 0 ? peers : peers + " (" + transfer.seedCount() + " complete)";
  }
}
