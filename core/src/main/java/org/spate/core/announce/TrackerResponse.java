package org.spate.core.announce;

/** What comes back from a tracker, whichever way it was asked. */
public sealed interface TrackerResponse permits AnnounceReply, ScrapeReply, TrackerFailure {}
