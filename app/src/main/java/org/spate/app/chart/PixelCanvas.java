package org.spate.app.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;

/** A canvas of pixels, two to a unit; needs no screen. */
final class PixelCanvas implements Canvas {
  private static final int DENSITY = 2;

  private final Graphics2D graphics;

  private PixelCanvas(Graphics2D graphics) {
    this.graphics = graphics;
  }

  static byte[] png(Drawing drawing) {
    System.setProperty("java.awt.headless", "true");
    var image =
        new BufferedImage(
            drawing.width() * DENSITY, drawing.height() * DENSITY, BufferedImage.TYPE_INT_RGB);
    var graphics = image.createGraphics();
    graphics.scale(DENSITY, DENSITY);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, drawing.width(), drawing.height());
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    // Else each point of a curve is moved to a whole pixel.
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    requireFonts(graphics);
    drawing.paint(new PixelCanvas(graphics));
    graphics.dispose();
    return encode(image);
  }

  /** The JDK brings no fonts of its own, and reports their absence as an error of its own. */
  private static void requireFonts(Graphics2D graphics) {
    try {
      graphics.getFontMetrics(font(12)).stringWidth("0");
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw new IllegalStateException(
          "a PNG needs a font installed on this machine; .svg and .html do not", e);
    }
  }

  private static byte[] encode(BufferedImage image) {
    var png = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      if (!ImageIO.write(image, "png", png)) {
        throw new IllegalStateException("this JDK writes no PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  private static Font font(int size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, size);
  }

  @Override
  public void line(List<Series.Point> points, int colour, double width, boolean isDashed) {
    if (points.isEmpty()) {
      return;
    }
    var path = new Path2D.Double();
    path.moveTo(points.getFirst().x(), points.getFirst().y());
    points.forEach(point -> path.lineTo(point.x(), point.y()));
    float[] dashes = isDashed ? new float[] {6, 4} : null;
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0));
    graphics.setColor(new Color(colour));
    graphics.draw(path);
  }

  @Override
  public void box(double x, double y, double width, double height, int colour) {
    graphics.setColor(new Color(colour));
    graphics.fill(new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void dot(double x, double y, double radius, int colour) {
    graphics.setColor(new Color(colour));
    graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  @Override
  public void text(double x, double y, String text, Anchor anchor, int colour, int size) {
    graphics.setFont(font(size));
    graphics.setColor(new Color(colour));
    int width = graphics.getFontMetrics().stringWidth(text);
    double shift =
        switch (anchor) {
          case START -> 0;
          case MIDDLE -> width / 2.0;
          case END -> width;
        };
    graphics.drawString(text, (float) (x - shift), (float) y);
  }

  @Override
  public void textUpwards(double x, double y, String text, int colour, int size) {
    var before = graphics.getTransform();
    graphics.translate(x, y);
    graphics.rotate(-Math.PI / 2);
    text(0, 0, text, Anchor.MIDDLE, colour, size);
    graphics.setTransform(before);
  }
}
