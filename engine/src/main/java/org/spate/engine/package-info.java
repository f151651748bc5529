@NullMarked
package org.spate.engine;

import org.jspecify.annotations.NullMarked;
