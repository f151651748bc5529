@NullMarked
package org.spate.core.announce;

import org.jspecify.annotations.NullMarked;
