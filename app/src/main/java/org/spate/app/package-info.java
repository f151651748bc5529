@NullMarked
package org.spate.app;

import org.jspecify.annotations.NullMarked;
