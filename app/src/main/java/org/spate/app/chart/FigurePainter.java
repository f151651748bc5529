package org.spate.app.chart;

import java.util.ArrayList;
import java.util.List;
import org.spate.app.chart.Canvas.Anchor;
import org.spate.app.chart.Series.Point;
import org.spate.app.chart.Series.Style;

/** Paints a figure: title, legend, grid, axes, curves. */
final class FigurePainter {
  private static final int LEFT = 72;
  private static final int RIGHT = 20;
  private static final int BOTTOM = 52;
  private static final int TITLE_HEIGHT = 36;
  private static final int LEGEND_LINE = 18;

  /** Digits and letters are about this wide for each pixel of their size. */
  private static final double LETTER_WIDTH = 0.58;

  private static final int SIZE = 12;

  private final Figure figure;
  private final Canvas canvas;
  private final List<Point> legend; // where each series' entry begins
  private final double top;
  private final double bottom;
  private final double right;
  private final Scale xs;
  private final Scale ys;

  FigurePainter(Figure figure, Canvas canvas) {
    this.figure = figure;
    this.canvas = canvas;
    this.right = figure.width() - RIGHT;
    this.legend = legend();
    this.top = legend.isEmpty() ? TITLE_HEIGHT : legend.getLast().y() + LEGEND_LINE / 2.0 + 6;
    this.bottom = figure.height() - BOTTOM;
    this.xs = new Scale(figure.x(), values(true), LEFT, right);
    this.ys = new Scale(figure.y(), values(false), bottom, top);
  }

  void paint() {
    canvas.text(LEFT, 22, figure.title(), Anchor.START, Palette.INK, 15);
    paintAxes();
    for (int i = 0; i < figure.series().size(); i++) {
      paintSeries(figure.series().get(i), Palette.curve(i));
      paintEntry(figure.series().get(i), legend.get(i), Palette.curve(i));
    }
  }

  private double[] values(boolean isX) {
    return figure.series().stream()
        .flatMap(series -> series.points().stream())
        .mapToDouble(point -> isX ? point.x() : point.y())
        .toArray();
  }

  private List<Point> legend() {
    var places = new ArrayList<Point>();
    double x = LEFT;
    double y = TITLE_HEIGHT + LEGEND_LINE / 2.0 - 3;
    for (var series : figure.series()) {
      double width = 28 + series.label().length() * SIZE * LETTER_WIDTH + 18;
      if (x > LEFT && x + width > right) {
        x = LEFT;
        y += LEGEND_LINE;
      }
      places.add(new Point(x, y));
      x += width;
    }
    return places;
  }

  private void paintEntry(Series series, Point at, int colour) {
    boolean isDashed = series.style() == Style.DASHED;
    canvas.line(List.of(at, new Point(at.x() + 22, at.y())), colour, 2, isDashed);
    canvas.text(at.x() + 28, at.y() + 4, series.label(), Anchor.START, Palette.PALE, SIZE);
  }

  private void paintAxes() {
    for (double tick : ys.ticks()) {
      double y = ys.pixel(tick);
      canvas.line(List.of(new Point(LEFT, y), new Point(right, y)), Palette.GRID, 1, false);
      canvas.text(LEFT - 8, y + 4, Scale.label(tick), Anchor.END, Palette.PALE, SIZE);
    }
    for (double tick : xs.ticks()) {
      double x = xs.pixel(tick);
      canvas.line(List.of(new Point(x, top), new Point(x, bottom)), Palette.GRID, 1, false);
      canvas.text(x, bottom + 18, Scale.label(tick), Anchor.MIDDLE, Palette.PALE, SIZE);
    }
    canvas.line(List.of(new Point(LEFT, bottom), new Point(right, bottom)), Palette.PALE, 1, false);
    double middle = (LEFT + right) / 2;
    canvas.text(middle, bottom + 40, figure.x().label(), Anchor.MIDDLE, Palette.INK, SIZE);
    canvas.textUpwards(18, (top + bottom) / 2, figure.y().label(), Palette.INK, SIZE);
  }

  private void paintSeries(Series series, int colour) {
    var pixels = new ArrayList<Point>();
    double before = Double.NaN;
    for (var point : series.points()) {
      if (!xs.isShown(point.x()) || !ys.isShown(point.y())) {
        continue;
      }
      double x = xs.pixel(point.x());
      double y = ys.pixel(point.y());
      if (series.style() == Style.STEPS && !Double.isNaN(before)) {
        pixels.add(new Point(x, before));
      }
      pixels.add(new Point(x, y));
      before = y;
    }
    canvas.line(pixels, colour, 2, series.style() == Style.DASHED);
    if (series.style() == Style.MARKED) {
      pixels.forEach(p -> canvas.dot(p.x(), p.y(), 3.5, colour));
    }
  }
}
