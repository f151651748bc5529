package org.spate.core.wire;

/**
 * The ids that one peer has given to the extensions we know. Its handshakes are additive (BEP 10):
 * a later one changes what it names, and 0 switches off.
 */
public final class ExtensionTable {
  private final int[] ids = new int[Extension.ALL.size()];

  public void update(Extensions handshake) {
    for (var extension : Extension.ALL) {
      var id = handshake.ids().get(extension.key());
      if (id != null) {
        ids[extension.ordinal()] = id;
      }
    }
  }

  /** Whether the peer takes messages of an extension. */
  public boolean has(Extension extension) {
    return ids[extension.ordinal()] != 0;
  }

  /**
   * The peer's id for an extension, 1 to 255.
   *
   * @throws IllegalStateException if the peer does not have it: nobody may send it then
   */
  public int id(Extension extension) {
    int id = ids[extension.ordinal()];
    if (id == 0) {
      throw new IllegalStateException("the peer has no " + extension.key());
    }
    return id;
  }
}
