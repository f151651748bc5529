package org.spate.core.tracker;

import java.util.function.Consumer;

/** Something that is not known yet, of a store that is elsewhere. */
public interface Later<T> {
  /** Tells the taker once, on the thread that asked, when it is known; at once if it is already. */
  void whenKnown(Consumer<? super T> taker);
}
