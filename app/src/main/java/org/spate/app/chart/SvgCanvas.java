package org.spate.app.chart;

import java.util.List;
import java.util.Locale;

/** A canvas that writes SVG. */
final class SvgCanvas implements Canvas {
  private final StringBuilder svg = new StringBuilder(4096);

  SvgCanvas(String title, int width, int height) {
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" ");
    append("viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" ", width, height, width, height);
    svg.append("font-family=\"system-ui, -apple-system, 'DejaVu Sans', sans-serif\">\n");
    append("<title>%s</title>\n", HtmlPage.escape(title));
    append("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", width, height);
  }

  String svg() {
    return svg + "</svg>\n";
  }

  @Override
  public void line(List<Series.Point> points, int colour, double width, boolean isDashed) {
    svg.append("<polyline points=\"");
    for (var point : points) {
      append("%.1f,%.1f ", point.x(), point.y());
    }
    append("\" fill=\"none\" stroke=\"#%06x\" stroke-width=\"%.1f\"", colour, width);
    svg.append(isDashed ? " stroke-dasharray=\"6 4\"" : "")
        .append(" stroke-linejoin=\"round\"/>\n");
  }

  @Override
  public void box(double x, double y, double width, double height, int colour) {
    append("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" ", x, y, width, height);
    append("fill=\"#%06x\"/>\n", colour);
  }

  @Override
  public void dot(double x, double y, double radius, int colour) {
    append("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#%06x\"/>\n", x, y, radius, colour);
  }

  @Override
  public void text(double x, double y, String text, Anchor anchor, int colour, int size) {
    String where =
        switch (anchor) {
          case START -> "start";
          case MIDDLE -> "middle";
          case END -> "end";
        };
    append("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" ", x, y, where);
    append("font-size=\"%d\" fill=\"#%06x\">%s</text>\n", size, colour, HtmlPage.escape(text));
  }

  @Override
  public void textUpwards(double x, double y, String text, int colour, int size) {
    append("<text transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"middle\" ", x, y);
    append("font-size=\"%d\" fill=\"#%06x\">%s</text>\n", size, colour, HtmlPage.escape(text));
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
  private void append(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
