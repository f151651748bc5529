/** A swarm to watch: a tracker, a seed and its leechers in one process. */
@NullMarked
package org.spate.app.demo;

import org.jspecify.annotations.NullMarked;
