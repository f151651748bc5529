package org.spate.core.dht;

/**
 * How a node behaves; immutable.
 *
 * @param readOnly when it answers no queries, and says so (BEP 43)
 */
public record DhtSettings(ReadOnly readOnly) {
  public static final DhtSettings DEFAULT = new DhtSettings(ReadOnly.WHEN_UNREACHABLE);

  /** For programs that ask a question and leave. */
  public static final DhtSettings VISITOR = new DhtSettings(ReadOnly.ALWAYS);

  /** When a node is read-only. */
  public enum ReadOnly {
    NEVER,
    /** If, after ten minutes, no stranger's query has ever come in. */
    WHEN_UNREACHABLE,
    ALWAYS
  }
}
