package org.spate.app.chart;

import java.util.List;

/** One curve of a figure. */
public record Series(String label, Style style, List<Point> points) {

  /** How a curve is drawn. */
  public enum Style {
    LINE,
    /** For limits and other reference. */
    DASHED,
    /** Up at each point, level between. */
    STEPS,
    /** A line with a mark at each point, for the few that were measured. */
    MARKED
  }

  public record Point(double x, double y) {}

  public Series {
    points = List.copyOf(points);
  }
}
