package org.spate.core.dht;

/**
 * Which families of nodes a query asks for (BEP 32).
 *
 * @param v4 whether it names {@code n4}
 * @param v6 whether it names {@code n6}
 */
record Want(boolean v4, boolean v6) {
  /** The family that the query came over. */
  static final Want UNSAID = new Want(false, false);

  static final Want BOTH = new Want(true, true);

  /** Whether nodes of a family go into the answer to a query that came over {@code overV6}. */
  boolean includes(boolean v6Nodes, boolean overV6) {
    return equals(UNSAID) ? v6Nodes == overV6 : v6Nodes ? v6 : v4;
  }
}
