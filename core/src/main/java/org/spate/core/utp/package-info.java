/**
 * The micro transport protocol (BEP 29): reliable streams over UDP that give way to other traffic.
 * {@link org.spate.core.utp.UtpSocket} owns the connections of one socket. Bytes of the streams
 * never come here: what is to be sent is named by its place in the stream, what has arrived is an
 * opaque payload.
 */
@NullMarked
package org.spate.core.utp;

import org.jspecify.annotations.NullMarked;
