package org.spate.core.swarm;

/** The scale of file and piece priorities. */
final class FilePriority {
  static final byte UNWANTED = 0;
  static final byte NORMAL = 1;
  static final byte HIGHEST = 7;
  static final int COUNT = 8;

  private FilePriority() {}
}
