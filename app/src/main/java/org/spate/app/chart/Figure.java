package org.spate.app.chart;

import java.util.List;

/** Curves over one pair of axes. */
public record Figure(String title, Axis x, Axis y, List<Series> series) implements Drawing {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 400;

  public Figure {
    series = List.copyOf(series);
  }

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public int height() {
    return HEIGHT;
  }

  @Override
  public void paint(Canvas canvas) {
    new FigurePainter(this, canvas).paint();
  }
}
