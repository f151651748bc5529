/** The tracker server: sockets in front of what {@code org.spate.core.tracker} decides. */
@NullMarked
package org.spate.tracker;

import org.jspecify.annotations.NullMarked;
