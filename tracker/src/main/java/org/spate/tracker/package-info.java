@NullMarked
package org.spate.tracker;

import org.jspecify.annotations.NullMarked;
