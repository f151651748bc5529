package org.spate.tracker.redis;

/** The shared store could not be asked. */
public final class StoreException extends RuntimeException {
  StoreException() {
    super("the store cannot be asked at the moment");
  }
}
