package org.spate.core.tracker;

/** The kinds of address that an answer can carry: a UDP packet those of its own kind only. */
public enum Families {
  V4,
  V6,
  BOTH;

  boolean hasV4() {
    return this != V6;
  }

  boolean hasV6() {
    return this != V4;
  }
}
