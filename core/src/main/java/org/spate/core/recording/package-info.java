/** The flight recorder: the inputs of a live swarm, written down, replay to the same outputs. */
@NullMarked
package org.spate.core.recording;

import org.jspecify.annotations.NullMarked;
