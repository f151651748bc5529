package org.spate.app.chart;

import java.util.List;

/** What drawings are painted on. The origin is at the top left; colours are {@code 0xRRGGBB}. */
public sealed interface Canvas permits SvgCanvas, PixelCanvas {

  /** Which point of a text its position is. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  void line(List<Series.Point> points, int colour, double width, boolean isDashed);

  void box(double x, double y, double width, double height, int colour);

  void dot(double x, double y, double radius, int colour);

  void text(double x, double y, String text, Anchor anchor, int colour, int size);

  /** Text that runs upwards, its middle at the position. */
  void textUpwards(double x, double y, String text, int colour, int size);
}
