package org.spate.sim;

/** Hears now and then how far a run is, on the thread that runs it. */
@FunctionalInterface
public interface ProgressListener {
  ProgressListener NONE = _ -> {};

  void onProgress(Progress progress);
}
