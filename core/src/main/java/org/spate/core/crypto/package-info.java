/**
 * Message stream encryption (MSE/PE): hides what a link carries from boxes on the way that slow
 * BitTorrent down. It keeps no secret from somebody who knows the info-hash.
 */
@NullMarked
package org.spate.core.crypto;

import org.jspecify.annotations.NullMarked;
