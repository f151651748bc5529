package org.spate.core.announce;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.spate.core.Hash160;

/** What a tracker answers to a scrape (BEP 48): the size of each swarm it knows, by info-hash. */
public record ScrapeReply(SequencedMap<Hash160, SwarmCounts> swarms) implements TrackerResponse {
  public ScrapeReply {
    swarms = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(swarms));
  }
}
