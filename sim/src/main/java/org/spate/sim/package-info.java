@NullMarked
package org.spate.sim;

import org.jspecify.annotations.NullMarked;
