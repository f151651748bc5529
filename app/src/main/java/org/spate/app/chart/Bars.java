package org.spate.app.chart;

import java.util.List;
import org.spate.app.chart.Canvas.Anchor;
import org.spate.app.chart.Series.Point;

/**
 * One bar for each of a few things that have a name.
 *
 * @param mark where a line is drawn for comparison; 0 for none
 */
public record Bars(String title, String label, double mark, List<Bar> bars) implements Drawing {
  private static final int LEFT = 230;
  private static final int RIGHT = 70;
  private static final int TOP = 44;
  private static final int BOTTOM = 52;
  private static final int ROW = 28;
  private static final int NAME_LENGTH_MAX = 30;

  public record Bar(String name, double value) {}

  public Bars {
    bars = List.copyOf(bars);
  }

  @Override
  public int width() {
    return 640;
  }

  @Override
  public int height() {
    return TOP + ROW * bars.size() + BOTTOM;
  }

  @Override
  public void paint(Canvas canvas) {
    double bottom = height() - BOTTOM;
    var values = new double[bars.size() + 1];
    for (int i = 0; i < bars.size(); i++) {
      values[i] = bars.get(i).value();
    }
    values[bars.size()] = mark;
    var scale = new Scale(Axis.linear(label), values, LEFT, width() - RIGHT);
    canvas.text(16, 22, title, Anchor.START, Palette.INK, 15);
    for (double tick : scale.ticks()) {
      double x = scale.pixel(tick);
      canvas.line(List.of(new Point(x, TOP), new Point(x, bottom)), Palette.GRID, 1, false);
      canvas.text(x, bottom + 18, Scale.label(tick), Anchor.MIDDLE, Palette.PALE, 12);
    }
    for (int i = 0; i < bars.size(); i++) {
      paint(bars.get(i), TOP + i * ROW, scale, canvas);
    }
    if (mark > 0) {
      double x = scale.pixel(mark);
      canvas.line(List.of(new Point(x, TOP), new Point(x, bottom)), Palette.INK, 1, true);
    }
    double middle = (LEFT + width() - RIGHT) / 2.0;
    canvas.text(middle, bottom + 40, label, Anchor.MIDDLE, Palette.INK, 12);
  }

  private void paint(Bar bar, double y, Scale scale, Canvas canvas) {
    double end = scale.pixel(bar.value());
    double middle = y + ROW / 2.0 + 4;
    canvas.box(LEFT, y + 5, end - LEFT, ROW - 10, Palette.curve(0));
    canvas.text(LEFT - 10, middle, cut(bar.name()), Anchor.END, Palette.INK, 12);
    String value = String.format(java.util.Locale.ROOT, "%.2f", bar.value());
    canvas.text(width() - 16.0, middle, value, Anchor.END, Palette.PALE, 12);
  }

  private static String cut(String name) {
    return name.length() <= NAME_LENGTH_MAX ? name : name.substring(0, NAME_LENGTH_MAX - 1) + "…";
  }
}
