package org.spate.core.webseed;

import org.jspecify.annotations.Nullable;

/**
 * A part of what is wanted, in one request.
 *
 * @param target path and query to ask for, or null for padding, which is zeros and asked of nobody
 * @param from the first byte of the resource, or -1 if the target says which bytes
 * @param length bytes, 1 and up
 */
public record WebRange(@Nullable String target, long from, int length) {
  /** The value of the {@code Range} header, or null if none is needed. */
  public @Nullable String header() {
    return from < 0 ? null : "bytes=" + from + "-" + (from + length - 1);
  }
}
