package org.spate.core.announce;

import org.jspecify.annotations.Nullable;

/**
 * How it stands with one tracker, for people to see.
 *
 * @param tier counted from 0
 * @param announcing whether an announce is under way
 * @param registered whether the tracker has us in its list, as far as we know
 * @param failureCount how many attempts have failed in a row
 * @param lastFailure of the last attempt, null if that succeeded
 * @param complete seeds by its last reply, or {@link AnnounceReply#UNKNOWN}
 * @param incomplete leechers by its last reply, or {@link AnnounceReply#UNKNOWN}
 * @param warning of its last reply, or null
 * @param nextNanos when it will be asked next if its turn has come by then
 */
public record TrackerStatus(
    String url,
    int tier,
    boolean announcing,
    boolean registered,
    int failureCount,
    @Nullable TrackerFailure lastFailure,
    int complete,
    int incomplete,
    @Nullable String warning,
    long nextNanos) {}
