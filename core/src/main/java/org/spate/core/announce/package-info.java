/**
 * Finding peers through trackers: the codecs of both sides for HTTP (BEP 3, 7, 23, 24, 31, 48) and
 * UDP (BEP 15, 41), and the client that decides when to announce to whom (BEP 12).
 */
@NullMarked
package org.spate.core.announce;

import org.jspecify.annotations.NullMarked;
