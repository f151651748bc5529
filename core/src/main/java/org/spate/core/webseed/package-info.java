/**
 * What to ask web servers for that have a torrent's files (BEP 17, BEP 19), and what they answer.
 */
@NullMarked
package org.spate.core.webseed;

import org.jspecify.annotations.NullMarked;
