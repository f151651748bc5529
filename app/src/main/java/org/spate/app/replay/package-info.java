/** Recordings of torrents, shown to people and programs. */
@NullMarked
package org.spate.app.replay;

import org.jspecify.annotations.NullMarked;
