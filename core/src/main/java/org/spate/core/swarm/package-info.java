@NullMarked
package org.spate.core.swarm;

import org.jspecify.annotations.NullMarked;
