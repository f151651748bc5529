/** Torrents on their way: what {@code get} and {@code seed} do between the start and the end. */
@NullMarked
package org.spate.app.transfer;

import org.jspecify.annotations.NullMarked;
