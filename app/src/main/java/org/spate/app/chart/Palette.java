package org.spate.app.chart;

/** The colours of drawings; those of curves differ for colour-blind people, too (Okabe, Ito). */
final class Palette {
  static final int INK = 0x1f2933;
  static final int PALE = 0x52606d;
  static final int GRID = 0xe4e7eb;

  private static final int[] CURVES = {
    0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x7a5195, 0x5c5c5c
  };

  private Palette() {}

  static int curve(int index) {
    return CURVES[index % CURVES.length];
  }
}
