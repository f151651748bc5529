/**
 * Sockets: event loops, listening, dialling, handshakes and links. Netty stays in here and in the
 * packages beside it; nothing of it shows in the public API.
 */
@NullMarked
package org.spate.engine.net;

import org.jspecify.annotations.NullMarked;
