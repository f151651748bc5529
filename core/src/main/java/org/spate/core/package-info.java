@NullMarked
package org.spate.core;

import org.jspecify.annotations.NullMarked;
