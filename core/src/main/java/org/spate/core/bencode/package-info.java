@NullMarked
package org.spate.core.bencode;

import org.jspecify.annotations.NullMarked;
