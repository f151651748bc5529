@NullMarked
package org.spate.core.wire;

import org.jspecify.annotations.NullMarked;
