/** How announces reach trackers: HTTP, HTTPS and UDP, names resolved off the loops. */
@NullMarked
package org.spate.engine.tracker;

import org.jspecify.annotations.NullMarked;
