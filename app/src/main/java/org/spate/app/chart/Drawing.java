package org.spate.app.chart;

/** Something that can be painted; sizes are in pixels of a screen of ordinary density. */
public sealed interface Drawing permits Figure, Bars {
  String title();

  int width();

  int height();

  void paint(Canvas canvas);

  default String toSvg() {
    var canvas = new SvgCanvas(title(), width(), height());
    paint(canvas);
    return canvas.svg();
  }

  /** Throws {@link IllegalStateException} on a machine without fonts. */
  default byte[] toPng() {
    return PixelCanvas.png(this);
  }
}
