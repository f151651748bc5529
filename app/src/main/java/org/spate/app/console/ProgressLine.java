package org.spate.app.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A torrent in a line: name, bar, percentage, rates, peers, time left. */
final class ProgressLine {
  private static final int NAME_COLUMNS_MAX = 32;
  private static final int NAME_COLUMNS_MIN = 8;
  private static final int BAR_COLUMNS_MIN = 8;
  private static final int BAR_COLUMNS_MAX = 40;

  /** Where words have room; screens that are narrower get signs. */
  private static final int WORDY_COLUMNS_MIN = 110;

  /** What the usual endings have room in, so that the bar stays as long as it is. */
  private static final int ENDING_COLUMNS_MIN = "59m59s left".length();

  /** Blanks and brackets around the bar. */
  private static final int AROUND_BAR = 4;

  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  private ProgressLine() {}

  /** For a terminal: columns aligned, each line exactly as wide as it is told, so none wraps. */
  static List<String> live(List<TransferSnapshot> transfers, int width, boolean hasColour) {
    boolean isWordy = width >= WORDY_COLUMNS_MIN;
    int figuresColumns = 0;
    int longestName = 0;
    for (var transfer : transfers) {
      figuresColumns = Math.max(figuresColumns, Screen.columns(figures(transfer, isWordy)));
      longestName = Math.max(longestName, Screen.columns(Printable.of(transfer.name())));
    }
    int left = width - figuresColumns;
    int names =
        Math.min(longestName, Math.min(NAME_COLUMNS_MAX, left - BAR_COLUMNS_MIN - AROUND_BAR));
    boolean hasBar = names >= Math.min(longestName, NAME_COLUMNS_MIN);
    int bar = Math.min(BAR_COLUMNS_MAX, left - names - AROUND_BAR);
    var lines = new ArrayList<String>();
    for (var transfer : transfers) {
      String name = Printable.of(transfer.name());
      String figures = figures(transfer, isWordy);
      if (hasBar) {
        String rest = Screen.fit(figures, width - names - bar - AROUND_BAR);
        lines.add(Screen.fit(name, names) + " [" + bar(transfer, bar, hasColour) + "] " + rest);
      } else if (left >= 2) {
        lines.add(Screen.fit(name, left - 1) + " " + Screen.fit(figures, figuresColumns));
      } else {
        lines.add(Screen.fit(figures, width));
      }
    }
    return lines;
  }

  /** For a log: as wide as it needs to be. */
  static String plain(TransferSnapshot transfer) {
    String figures = figures(transfer, true).replaceAll("(?<=down|up) +", " ").strip();
    return Printable.of(transfer.name()) + ": " + figures;
  }

  private static String bar(TransferSnapshot transfer, int columns, boolean hasColour) {
    int done = (int) (transfer.fraction() * columns);
    String full =
        transfer.isComplete() ? "=".repeat(columns) : "=".repeat(done).replaceFirst("=$", ">");
    return (hasColour ? GREEN + full + PLAIN : full) + " ".repeat(columns - full.length());
  }

  private static String figures(TransferSnapshot transfer, boolean isWordy) {
    // Rounded down: 100.0 % is said only of what is complete.
    double percent = Math.floor(transfer.fraction() * 1000) / 10;
    var left = transfer.timeLeft().map(time -> Durations.show(time) + " left");
    String rate = Rate.show(transfer.downBytesPerSecond());
    if (transfer.isLocal()) {
      String text = transfer.phase() + left.map(time -> ", " + time).orElse("");
      return String.format(Locale.ROOT, "%5.1f%%  %10s  %s", percent, rate, text);
    }
    String ending = left.orElse(transfer.phase());
    return String.format(
        Locale.ROOT,
        isWordy ? "%5.1f%%  down %10s  up %10s  %s  %s" : "%5.1f%% ↓%10s ↑%10s  %s  %s",
        percent,
        rate,
        Rate.show(transfer.upBytesPerSecond()),
        peers(transfer, isWordy),
        Screen.columns(ending) < ENDING_COLUMNS_MIN
            ? Screen.fit(ending, ENDING_COLUMNS_MIN)
            : ending);
  }

  private static String peers(TransferSnapshot transfer, boolean isWordy) {
    String peers = transfer.peerCount() == 1 ? "1 peer" : transfer.peerCount() + " peers";
    return transfer.seedCount() == 0 || !isWordy
        ? peers
        : peers + " (" + transfer.seedCount() + " complete)";
  }
}
