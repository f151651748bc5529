package org.spate.app.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Maps the values of an axis to pixels, and says where its ticks are. */
final class Scale {
  private static final int TICKS_WANTED = 6;

  /** Above so many decades only whole ones get a tick. */
  private static final int DECADES_FINE_MAX = 2;

  private final boolean isLogarithmic;
  private final double low;
  private final double high;
  private final double fromPixel;
  private final double toPixel;

  /** Covers all values; linear axes begin at 0, logarithmic ones leave out what is not above 0. */
  Scale(Axis axis, double[] values, double fromPixel, double toPixel) {
    this.isLogarithmic = axis.isLogarithmic();
    this.fromPixel = fromPixel;
    this.toPixel = toPixel;
    double least = Double.POSITIVE_INFINITY;
    double most = isLogarithmic ? 0 : Double.MIN_NORMAL;
    for (double value : values) {
      if (isShown(value)) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    if (!isLogarithmic) {
      low = 0;
      high = most <= Double.MIN_NORMAL ? 1 : most * 1.04;
    } else if (most == 0) {
      low = 1;
      high = 10;
    } else {
      low = least == most ? least / 2 : least / 1.1;
      high = least == most ? most * 2 : most * 1.1;
    }
  }

  boolean isShown(double value) {
    return Double.isFinite(value) && (!isLogarithmic || value > 0);
  }

  double pixel(double value) {
    double share =
        isLogarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return fromPixel + share * (toPixel - fromPixel);
  }

  List<Double> ticks() {
    return isLogarithmic ? logarithmicTicks() : linearTicks();
  }

  private List<Double> linearTicks() {
    double rough = (high - low) / TICKS_WANTED;
    double decade = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = decade;
    for (int multiple : new int[] {1, 2, 5, 10}) {
      step = multiple * decade;
      if (step >= rough) {
        break;
      }
    }
    var ticks = new ArrayList<Double>();
    for (int i = 0; i * step <= high; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private List<Double> logarithmicTicks() {
    boolean isFine = Math.log10(high / low) <= DECADES_FINE_MAX;
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    var ticks = new ArrayList<Double>();
    for (int power = first; power <= last; power++) {
      for (int multiple : isFine ? new int[] {1, 2, 5} : new int[] {1}) {
        double tick = multiple * Math.pow(10, power);
        if (tick >= low && tick <= high) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  /** {@code 0.25}, {@code 40}, {@code 20k}, {@code 1.5M}. */
  static String label(double value) {
    double size = Math.abs(value);
    if (size >= 1e9) {
      return digits(value / 1e9) + "G";
    }
    if (size >= 1e6) {
      return digits(value / 1e6) + "M";
    }
    return size >= 1e4 ? digits(value / 1e3) + "k" : digits(value);
  }

  private static String digits(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.replaceFirst("\\.?0+$", "");
  }
}
