package org.spate.app.chart;

/** One of the two axes of a figure. */
public record Axis(String label, boolean isLogarithmic) {

  public static Axis linear(String label) {
    return new Axis(label, false);
  }

  /** For values above 0; others are left out. */
  public static Axis logarithmic(String label) {
    return new Axis(label, true);
  }
}
