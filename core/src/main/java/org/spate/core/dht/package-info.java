/**
 * The distributed hash table (BEP 5, 32, 33, 42, 43, 44, 45, 51): {@link org.spate.core.dht.Dht} is
 * the machine, everything else one slice of it.
 */
@NullMarked
package org.spate.core.dht;

import org.jspecify.annotations.NullMarked;
