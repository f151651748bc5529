/**
 * A tracker without its sockets: what it knows of its swarms, what it answers, and how both sides
 * of HTTP and UDP spell it. The tracker module puts sockets in front; the simulator calls it as it
 * is. One thread at a time.
 */
@NullMarked
package org.spate.core.tracker;

import org.jspecify.annotations.NullMarked;
