package org.spate.core.announce;

/**
 * The {@link Announcer} asks its host to carry one announce to one tracker. The host answers with
 * exactly one call of {@link Announcer#announced} or {@link Announcer#failed}.
 */
public record SendAnnounce(String trackerUrl, AnnounceRequest request) {}
