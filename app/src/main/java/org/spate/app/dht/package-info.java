/** What the commands of {@code spate dht} have in common. */
@NullMarked
package org.spate.app.dht;

import org.jspecify.annotations.NullMarked;
