/** Drives the DHT of core over the UDP port of a session. */
@NullMarked
package org.spate.engine.dht;

import org.jspecify.annotations.NullMarked;
